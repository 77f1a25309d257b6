import { renameSync, rmSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { prepareFile } from '../sqlite-file.ts';

const VERSION = 2;
const IN_MEMORY = ':memory:';
const FILES = ['', '-wal', '-shm', '-journal'];
/** SQLite's names for a file that is damaged, or no database. */
const DAMAGED = new Set([11, 26]);

/** Whether the feed has shown the object, so that its removal is worth recording. */
const SHOWN = 'is_shown INTEGER NOT NULL DEFAULT 0';
/** Whether it is missing from the last list alone: not before a later list does its removal become a change. */
const UNCONFIRMED = 'unconfirmed INTEGER NOT NULL DEFAULT 0';
/** When a list first lacked it; 0 while it is there. Not before a later list does its removal become a change. */
const MISSING_SINCE = 'missing_since INTEGER NOT NULL DEFAULT 0';
/** Orders and packages are kept to be compared with the next list. Sequence numbers of changes are never used twice. */
const CHANGES = `
  CREATE INDEX units_by_merchant ON units (merchant);
  CREATE INDEX units_unconfirmed ON units (removed_at) WHERE unconfirmed = 1;
  CREATE TABLE product_orders (
    key TEXT PRIMARY KEY,
    json TEXT NOT NULL,
    first_seen_at INTEGER NOT NULL,
    status_since INTEGER NOT NULL,
    ${MISSING_SINCE}
  ) STRICT;
  CREATE TABLE price_packages (
    key TEXT PRIMARY KEY,
    json TEXT NOT NULL,
    ${MISSING_SINCE}
  ) STRICT;
  CREATE TABLE changes (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    at INTEGER NOT NULL,
    kind TEXT NOT NULL,
    msn TEXT,
    merchant TEXT,
    product_order TEXT,
    price_package TEXT,
    fields TEXT NOT NULL
  ) STRICT;
  CREATE INDEX changes_by_time ON changes (at);
  CREATE INDEX changes_of_unit ON changes (msn, sequence) WHERE msn IS NOT NULL;
  CREATE INDEX changes_of_merchant ON changes (merchant, sequence) WHERE merchant IS NOT NULL;
  CREATE INDEX changes_of_order ON changes (product_order, sequence) WHERE product_order IS NOT NULL;
`;

/*
 * Names are stored as they are, in lower case for filters, as they sort, and as whole queries are compared. A row of `units`
 * is one that a list has named; `read_at` is null until its details were read, and `next_at` is when that must be done again.
 * Details are in tables of their own, so that a scan of names does not read them. Times are milliseconds since 1970.
 */
const TABLES = `
  CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
  CREATE TABLE merchants (
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    name TEXT,
    lower_name TEXT NOT NULL DEFAULT '',
    name_key TEXT NOT NULL DEFAULT '',
    folded TEXT NOT NULL DEFAULT '',
    country TEXT,
    status TEXT,
    read_at INTEGER,
    next_at INTEGER NOT NULL,
    ${SHOWN}
  ) STRICT;
  CREATE INDEX merchants_by_name ON merchants (name_key, key);
  CREATE INDEX merchants_due ON merchants (next_at);
  CREATE TABLE merchant_details (id INTEGER PRIMARY KEY, json TEXT NOT NULL) STRICT;
  CREATE TABLE units (
    id INTEGER PRIMARY KEY,
    msn TEXT NOT NULL UNIQUE,
    msn_key TEXT NOT NULL,
    name TEXT,
    lower_name TEXT NOT NULL,
    name_key TEXT NOT NULL,
    folded TEXT NOT NULL,
    merchant INTEGER REFERENCES merchants (id),
    capture TEXT,
    flags INTEGER NOT NULL DEFAULT 0,
    read_at INTEGER,
    next_at INTEGER NOT NULL,
    removed_at INTEGER,
    ${SHOWN},
    ${UNCONFIRMED}
  ) STRICT;
  CREATE INDEX units_by_msn ON units (msn_key);
  CREATE INDEX units_by_name ON units (name_key, msn_key);
  CREATE INDEX units_due ON units (next_at) WHERE removed_at IS NULL;
  CREATE TABLE unit_details (id INTEGER PRIMARY KEY, json TEXT NOT NULL) STRICT;
  CREATE TABLE answers (path TEXT PRIMARY KEY, value TEXT NOT NULL, read_at INTEGER NOT NULL) STRICT;
  CREATE VIRTUAL TABLE unit_words USING fts5(
    name, msn, content='', contentless_delete=1, tokenize='unicode61 remove_diacritics 0'
  );
  CREATE VIRTUAL TABLE merchant_words USING fts5(
    name, org, content='', contentless_delete=1, tokenize='unicode61 remove_diacritics 0'
  );
  CREATE VIRTUAL TABLE unit_vocabulary USING fts5vocab(unit_words, 'row');
  CREATE VIRTUAL TABLE merchant_vocabulary USING fts5vocab(merchant_words, 'row');
  ${CHANGES}
`;

/** What a file of an older version lacks, by its version. */
const MIGRATIONS: Readonly<Record<number, string>> = {
  1: `
    ALTER TABLE units ADD COLUMN ${SHOWN};
    ALTER TABLE units ADD COLUMN ${UNCONFIRMED};
    ALTER TABLE merchants ADD COLUMN ${SHOWN};
    UPDATE units SET is_shown = 1 WHERE read_at IS NOT NULL AND removed_at IS NULL;
    UPDATE merchants SET is_shown = 1 WHERE read_at IS NOT NULL;
    ${CHANGES}
  `,
};

/** What became of a file that could not be read. */
export type OnDamage = (reason: string) => void;

/**
 * Opens the directory of one tenant, or creates it. One of an older version is
 * brought up to date. A damaged file, and one of a newer version, is set aside as `….damaged`
 * and a new one is begun: all of it can be read again from the upstream. Throws when the folder cannot be used.
 */
export function openDirectoryDatabase(path: string, onDamage: OnDamage): DatabaseSync {
  try {
    return open(path);
  } catch (error) {
    if (path === IN_MEMORY || !isDamage(error)) throw error;
    setAside(path);
    onDamage((error as Error).message);
    return open(path);
  }
}

function open(path: string): DatabaseSync {
  if (path !== IN_MEMORY) prepareFile(path);
  const db = new DatabaseSync(path);
  try {
    // One process owns the file: without the mode, two would both read everything from the upstream. A crash loses the last
    // transactions at most, which are read again.
    db.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;');
    db.exec('PRAGMA cache_size = -4096; PRAGMA temp_store = MEMORY; PRAGMA journal_size_limit = 4194304;');
    const version = (db.prepare('PRAGMA user_version').get() as { user_version: number }).user_version;
    const change = version === 0 ? TABLES : MIGRATIONS[version];
    if (version !== VERSION && change === undefined) throw new OtherVersion(`it has version ${version}`);
    if (version !== VERSION) db.exec(`BEGIN EXCLUSIVE; ${change} PRAGMA user_version = ${VERSION}; COMMIT;`);
    db.function('normal', { deterministic: true }, (text) =>
      typeof text === 'string' ? text.normalize() : text,
    );
    // Reads a page of each table, so that a file that lost its end is noticed now.
    for (const table of ['meta', 'units', 'merchants', 'answers', 'unit_words', 'merchant_words'])
      db.prepare(
        `SELECT rowid FROM ${table === 'meta' ? '(SELECT 1 AS rowid FROM meta)' : table} LIMIT 1`,
      ).get();
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

class OtherVersion extends Error {}

/** Whether the file's content is the reason. A folder that cannot be written to, or another process, is none. */
export const isDamage = (error: unknown): boolean =>
  error instanceof OtherVersion || DAMAGED.has((error as { errcode?: number }).errcode ?? 0);

/** Renames a damaged file, so that it can be examined. Replaces one that was set aside before. */
export function setAside(path: string): void {
  rmSync(`${path}.damaged`, { force: true });
  renameSync(path, `${path}.damaged`);
  for (const extra of FILES.slice(1)) rmSync(path + extra, { force: true });
}

/** Deletes the files of a directory. */
export function deleteDirectoryFiles(path: string): void {
  for (const extra of [...FILES, '.damaged']) rmSync(path + extra, { force: true });
}
