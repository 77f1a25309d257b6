import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { openSqliteIdempotencyStore } from '../../src/store/sqlite-idempotency.ts';
import { describeIdempotencyStore } from './idempotency-store.contract.ts';

const folder = mkdtempSync(join(tmpdir(), 'idempotency-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let files = 0;

describeIdempotencyStore('SQLite in memory', (options) =>
  openSqliteIdempotencyStore({ ...options, file: ':memory:' }),
);
describeIdempotencyStore('SQLite in a file', (options) =>
  openSqliteIdempotencyStore({ ...options, file: join(folder, `${files++}.sqlite`) }),
);
