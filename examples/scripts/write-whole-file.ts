import { rename, rm, writeFile } from 'node:fs/promises';

/** Writes beside the file and renames, so that nobody reads half of it and a failure keeps the old one. */
export async function writeWholeFile(path: string, text: string): Promise<void> {
  const unfinished = `${path}.${process.pid}.tmp`;
  try {
    await writeFile(unfinished, text, { flush: true });
    await rename(unfinished, path);
  } catch (error) {
    await rm(unfinished, { force: true });
    throw error;
  }
}
