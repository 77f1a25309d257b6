import { readFileSync } from 'node:fs';
import { open, rename } from 'node:fs/promises';

/** Returns the text of a small file that holds a cursor, which may be empty; undefined if there is no file. */
export function readCursorFile(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Replaces the file as a whole, so that a crash leaves the old cursor or the new one. Waits for the disk. */
export async function writeCursorFile(path: string, cursor: string): Promise<void> {
  const file = await open(`${path}.new`, 'w', 0o600);
  try {
    await file.writeFile(`${cursor}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(`${path}.new`, path);
}
