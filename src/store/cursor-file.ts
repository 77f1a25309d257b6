import { readFileSync, renameSync, writeFileSync } from 'node:fs';

/** Returns the text of a small file that holds a cursor; undefined if there is none. */
export function readCursorFile(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trim() || undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Replaces the file as a whole, so that a crash leaves the old cursor or the new one. */
export function writeCursorFile(path: string, cursor: string): void {
  writeFileSync(`${path}.new`, `${cursor}\n`, { mode: 0o600 });
  renameSync(`${path}.new`, path);
}
