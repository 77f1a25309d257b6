import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readSync,
  type Stats,
  statSync,
} from 'node:fs';
import { requireNobodyElseWrites, requireOwnFile } from './file-owner.ts';
import { describeFileProblem, FileProblem } from './file-problem.ts';
import { decodeFile } from './file-text.ts';

export interface SmallFileRules {
  readonly mostBytes: number;
  /** Whether the file grants rights. If so, only root and the user of this process may be able to write to it. */
  readonly holdsAuthority: boolean;
}

export interface SmallFile {
  readonly text: string;
  /** Differs whenever the file may have changed. Comparable with {@link stateOfFile}. */
  readonly state: string;
}

// Without these flags, opening a pipe or a device could block for ever, and a terminal could become that of the process.
const FLAGS = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOCTTY ?? 0);
const CHANGED = 'it changed while it was read';

/**
 * Reads a whole file. All checks except that of the link itself are made on the open descriptor, so that the file that is
 * read is the one that was checked. Links are followed, because orchestrators mount secrets as links into a folder that
 * they replace. Throws a {@link FileProblem} or an error of the file system.
 */
export function readSmallFile(path: string, { mostBytes, holdsAuthority }: SmallFileRules): SmallFile {
  const link = lstatSync(path);
  if (holdsAuthority && link.isSymbolicLink()) requireOwnFile(link);
  // Opening a device can have side effects, such as rewinding a tape.
  requireRegularFile(statSync(path));
  const descriptor = openSync(path, FLAGS);
  try {
    const stats = fstatSync(descriptor);
    requireRegularFile(stats);
    if (!link.isSymbolicLink() && link.ino !== stats.ino) throw new FileProblem(CHANGED);
    if (holdsAuthority) requireNobodyElseWrites(stats);
    if (stats.size > mostBytes) throw new FileProblem(`it has more than ${mostBytes} bytes`);
    const text = decodeFile(readBytes(descriptor, stats.size));
    if (toState(fstatSync(descriptor)) !== toState(stats)) throw new FileProblem(CHANGED);
    return { text, state: toState(stats) };
  } finally {
    closeSync(descriptor);
  }
}

/** Returns text that differs whenever the file may have changed, even if it cannot be read. Never throws. */
export function stateOfFile(path: string): string {
  try {
    return toState(statSync(path));
  } catch (error) {
    return describeFileProblem(error);
  }
}

const toState = ({ dev, ino, size, mode, uid, mtimeMs, ctimeMs }: Stats) =>
  [dev, ino, size, mode, uid, mtimeMs, ctimeMs].join();

function requireRegularFile(stats: Stats): void {
  if (stats.isFile()) return;
  throw new FileProblem(stats.isDirectory() ? 'it is a folder' : 'it is not a regular file');
}

/** Reads exactly `size` bytes. Files in /proc and /sys, and files that are being written, can have another size than reported. */
function readBytes(descriptor: number, size: number): Buffer {
  const bytes = Buffer.allocUnsafe(size + 1);
  let length = 0;
  for (;;) {
    const read = readSync(descriptor, bytes, length, bytes.length - length, null);
    length += read;
    if (read === 0 || length > size) break;
  }
  if (length !== size) throw new FileProblem('its size differs from what the file system reports');
  return bytes.subarray(0, size);
}
