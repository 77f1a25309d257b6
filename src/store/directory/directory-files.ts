import { createHash } from 'node:crypto';
import { readdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { makeFolder } from '../sqlite-file.ts';
import { deleteDirectoryFiles } from './database.ts';

const NAME = /^[0-9a-f]{32}\.sqlite/;

/** The files of all directories: one for each tenant, in a folder of their own. */
export class DirectoryFiles {
  readonly #folder: string | undefined;

  /** `folder`: undefined to keep everything in memory. Throws when the folder cannot be made. */
  constructor(folder: string | undefined) {
    this.#folder = folder;
    if (folder) makeFolder(resolve(folder));
  }

  /** Returns the path for what identifies a tenant. None of it can be read from the path. */
  pathOf(parts: readonly (string | undefined)[]): string {
    if (this.#folder === undefined) return ':memory:';
    const text = JSON.stringify(parts.map((part) => part ?? null));
    return join(this.#folder, `${createHash('sha256').update(text).digest('hex').slice(0, 32)}.sqlite`);
  }

  delete(path: string): void {
    if (this.#folder !== undefined) deleteDirectoryFiles(path);
  }

  /** Deletes the files of tenants that are no longer configured. */
  keepOnly(paths: readonly string[]): void {
    if (this.#folder === undefined) return;
    for (const name of readdirSync(this.#folder)) {
      const path = join(this.#folder, name);
      if (NAME.test(name) && !paths.some((kept) => path.startsWith(kept))) rmSync(path, { force: true });
    }
  }
}
