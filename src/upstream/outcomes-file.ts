import { chmodSync, closeSync, constants, lstatSync, mkdirSync, openSync, type Stats, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { requireNobodyElseWrites } from '../config/file-owner.ts';
import { FileProblem } from '../config/file-problem.ts';

const OWNER_ONLY = 0o600;
const CREATE_NEW = constants.O_RDWR | constants.O_CREAT | constants.O_EXCL | (constants.O_NOFOLLOW ?? 0);
/** SQLite maps at least so much of the -shm file, and the process ends when a part that it maps is cut off. */
const SHARED_MEMORY_BYTES = 32_768;

/**
 * Makes the file and its folder if they are absent, readable by their owner alone: the links in it open what a merchant
 * has filled in. Throws for a link and for what another user owns or can write to, also beside it: SQLite would replay
 * the log of a stranger. An existing file is not opened here, since closing it would drop the locks of SQLite.
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

/**
 * Returns a check that throws when the path leads to another file than now, or to none: SQLite would go on with a file
 * that no other process and no later start can find.
 */
export function createFileGuard(path: string): () => void {
  const known = ['', '-wal', '-shm'].flatMap((extra): [string, string][] => {
    const stats = requireOwnRegularFile(path + extra, 'may be absent');
    return stats ? [[path + extra, identityOf(stats)]] : [];
  });
  return () => {
    for (const [name, identity] of known) {
      const stats = requireOwnRegularFile(name);
      if (identityOf(stats) !== identity) throw new FileProblem('it was replaced: restart the gateway');
      if (name.endsWith('-shm') && stats.size < SHARED_MEMORY_BYTES)
        throw new FileProblem('its shared memory was cut off: restart the gateway');
    }
  };
}

const identityOf = ({ dev, ino }: Stats) => `${dev}:${ino}`;

// Not with `recursive`, which tries for ever to make a folder in /proc.
function makeFolder(folder: string): void {
  const stats = statSync(folder, { throwIfNoEntry: false });
  if (stats?.isDirectory()) return;
  if (stats) throw new FileProblem('a part of its path is a file');
  const parent = dirname(folder);
  if (parent !== folder) makeFolder(parent);
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    // Another process of the same start was faster.
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
