import type { Stats } from 'node:fs';
import { FileProblem } from './file-problem.ts';

const WRITABLE_BY_OTHERS = 0o022;
const ROOT = 0;

/** Throws a {@link FileProblem} if another user owns the file, because that user could replace it. */
export function requireOwnFile({ uid }: Stats): void {
  // Node reports neither owners nor modes on Windows.
  const self = process.geteuid?.();
  if (self === undefined || uid === ROOT || uid === self) return;
  throw new FileProblem('it belongs to another user: its owner must be root or the user of this process');
}

/** Throws a {@link FileProblem} if another user owns the file or can write to it. */
export function requireNobodyElseWrites(stats: Stats): void {
  requireOwnFile(stats);
  if (process.geteuid && (stats.mode & WRITABLE_BY_OTHERS) !== 0)
    throw new FileProblem('its group or others can write to it: run chmod go-w on it');
}
