import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';

/** Returns the text of a small file that holds a cursor, which may be empty; undefined if there is no file. */
export function readCursorFile(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Replaces the file as a whole, so that a crash leaves the old cursor or the new one. */
export function writeCursorFile(path: string, cursor: string): void {
  const file = openSync(`${path}.new`, 'w', 0o600);
  try {
    writeSync(file, `${cursor}\n`);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(`${path}.new`, path);
}
