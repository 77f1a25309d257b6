import type { DirectoryRecords } from '../server/directories.ts';
import { createProgress, type ProgressOutput } from './progress.ts';

/** The directories count as often. */
const EVERY_MS = 1_000;

/** Shows a person how far the directories are, until they are complete. Elsewhere, the log says it. Returns how to end it. */
export function showFilling(records: () => DirectoryRecords, terminal: ProgressOutput): () => void {
  if (!terminal.isTTY) return () => {};
  let show: ReturnType<typeof createProgress> | undefined;
  const look = () => {
    const { known, missing } = records();
    if (missing > 0) show ??= createProgress(terminal, { of: 'records of the directory', doneBefore: known });
    show?.(known, known + missing);
    if (missing === 0) show = undefined;
  };
  const looking = setInterval(look, EVERY_MS).unref();
  return () => clearInterval(looking);
}
