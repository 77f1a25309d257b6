import { resolve } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import { describeFileProblem, FileProblem } from '../config/files/file-problem.ts';
import { createFileGuard, type FileGuard, noFileGuard, prepareFile } from './sqlite-file.ts';

/** The file exists and cannot be used. */
export class IdempotencyFileError extends Error {
  override name = 'IdempotencyFileError';
}

const VERSION = 1;

interface OpenFile {
  readonly db: DatabaseSync;
  readonly guard: FileGuard;
}

/** Opens the file, or creates it. Throws {@link IdempotencyFileError}. */
export async function openIdempotencyDatabase(file: string): Promise<OpenFile> {
  // Loaded only when it is needed, since older versions of Node print a warning.
  const { DatabaseSync } = await import('node:sqlite');
  const inMemory = file === ':memory:';
  // Absolute, so that SQLite does not take it for a URL such as file:x?mode=memory, which stores nothing.
  const path = inMemory ? file : resolve(file);
  let db: DatabaseSync | undefined;
  try {
    if (!inMemory) prepareFile(path);
    db = new DatabaseSync(path);
    // Processes on one machine may share the file. FULL puts a claim on disk before its write is sent.
    db.exec('PRAGMA busy_timeout = 1000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;');
    const version = z.object({ user_version: z.number() }).parse(db.prepare('PRAGMA user_version').get());
    if (version.user_version > VERSION) throw new Error('it was written by a newer version');
    db.exec(`
      CREATE TABLE IF NOT EXISTS writes (
        id INTEGER PRIMARY KEY,
        tenant TEXT NOT NULL,
        key TEXT NOT NULL,
        fingerprint TEXT NOT NULL,
        state TEXT NOT NULL,
        outcome TEXT,
        order_ref TEXT,
        token TEXT NOT NULL,
        at INTEGER NOT NULL,
        UNIQUE (tenant, key)
      ) STRICT;
      CREATE INDEX IF NOT EXISTS writes_by_order ON writes (order_ref) WHERE order_ref IS NOT NULL;
      CREATE INDEX IF NOT EXISTS writes_by_age ON writes (at);
      PRAGMA user_version = ${VERSION};
    `);
    // Statements no longer wait: whenFree does. Without a page cache the next claim notices a damaged file.
    db.exec('PRAGMA busy_timeout = 0; PRAGMA cache_size = 0;');
    return { db, guard: inMemory ? noFileGuard : createFileGuard(path) };
  } catch (error) {
    db?.close();
    throw new IdempotencyFileError(describeOpenFailure(error), { cause: error });
  }
}

/** Messages of SQLite contain no path, but those of failed system calls do. */
function describeOpenFailure(error: unknown): string {
  const isOfSystem = error instanceof Error && ('errno' in error || 'syscall' in error);
  const isOfFile = error instanceof FileProblem || isOfSystem;
  return isOfFile || !(error instanceof Error) ? describeFileProblem(error) : error.message;
}
