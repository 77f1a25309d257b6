import {
  chmodSync,
  closeSync,
  constants,
  lstatSync,
  mkdirSync,
  openSync,
  type Stats,
  statSync,
  truncateSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { requireNobodyElseWrites } from '../config/files/file-owner.ts';
import { FileProblem } from '../config/files/file-problem.ts';

const OWNER_ONLY = 0o600;
const CREATE_NEW = constants.O_RDWR | constants.O_CREAT | constants.O_EXCL | (constants.O_NOFOLLOW ?? 0);

/**
 * Creates the file and its folder if they are absent, readable by their owner only, since the stored links open forms with
 * a merchant's data. Throws for links, and if another user owns or can write to the file or to those beside it, whose log
 * SQLite would replay. An existing file is not opened here, since closing it would drop the locks of SQLite.
 */
export function prepareFile(path: string): void {
  makeFolder(dirname(path));
  try {
    closeSync(openSync(path, CREATE_NEW, OWNER_ONLY));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  const { mode } = requireOwnRegularFile(path);
  for (const extra of ['-wal', '-shm', '-journal']) requireOwnRegularFile(path + extra, 'may be absent');
  if ((mode & 0o077) !== 0) chmodSync(path, OWNER_ONLY);
}

export interface FileGuard {
  /**
   * Throws when the path leads to another file than before, or to none. SQLite would otherwise continue with a file that
   * no other process and no later start can find.
   */
  requireSameFile(): void;
  /**
   * Restores the length that SQLite has mapped of a truncated -shm file, since access to the missing part would end the
   * process (SIGBUS). SQLite rebuilds its content from the -wal file. Never throws.
   */
  restoreSharedMemory(): void;
}

export const noFileGuard: FileGuard = { requireSameFile: () => {}, restoreSharedMemory: () => {} };

/** Returns the guard of an open database's files. */
export function createFileGuard(path: string): FileGuard {
  const known = ['', '-wal', '-shm'].flatMap((extra): [string, string][] => {
    const stats = requireOwnRegularFile(path + extra, 'may be absent');
    return stats ? [[path + extra, identityOf(stats)]] : [];
  });
  const sharedMemory = known.find(([name]) => name === `${path}-shm`);
  let mapped = 0;
  const guard: FileGuard = {
    requireSameFile() {
      for (const [name, identity] of known)
        if (identityOf(requireOwnRegularFile(name)) !== identity)
          throw new FileProblem('it was replaced: restart the gateway');
    },
    restoreSharedMemory() {
      if (!sharedMemory) return;
      const [name, identity] = sharedMemory;
      try {
        const stats = lstatSync(name);
        // A file that was deleted or replaced is still complete for the process that has mapped it.
        if (identityOf(stats) !== identity) return;
        if (stats.size >= mapped) {
          mapped = stats.size;
          return;
        }
        // Completely: if its header remained, SQLite would take the missing index for an empty one.
        truncateSync(name, 0);
        truncateSync(name, mapped);
      } catch {
        // The file is gone.
      }
    },
  };
  guard.restoreSharedMemory();
  return guard;
}

const identityOf = ({ dev, ino }: Stats) => `${dev}:${ino}`;

/** Creates a folder and those above it, for the owner only. Without `recursive`, which never returns for a folder in /proc. */
export function makeFolder(folder: string): void {
  const stats = statSync(folder, { throwIfNoEntry: false });
  if (stats?.isDirectory()) return;
  if (stats) throw new FileProblem('a part of its path is a file');
  const parent = dirname(folder);
  if (parent !== folder) makeFolder(parent);
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    // Another process that starts at the same time was faster.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

function requireOwnRegularFile(path: string): Stats;
function requireOwnRegularFile(path: string, absent: 'may be absent'): Stats | undefined;
function requireOwnRegularFile(path: string, absent?: 'may be absent'): Stats | undefined {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  if (!stats && absent) return undefined;
  if (!stats) throw new FileProblem('it was deleted: restart the gateway');
  if (stats.isSymbolicLink()) throw new FileProblem('it is a symbolic link, which is not followed');
  if (stats.isDirectory()) throw new FileProblem('it is a folder');
  if (!stats.isFile()) throw new FileProblem('it is not a regular file');
  if (stats.nlink > 1) throw new FileProblem('it has a second name (a hard link)');
  requireNobodyElseWrites(stats);
  return stats;
}
