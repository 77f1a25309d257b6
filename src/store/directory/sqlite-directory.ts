import { setImmediate as nextTurn } from 'node:timers/promises';
import type { StoredChanges } from '../../directory/changes/change.ts';
import type { Answer, DirectoryIndex, DueRead, StoredAnswer } from '../../directory/directory-index.ts';
import { readSearchQuery } from '../../directory/search-query.ts';
import { businessKey, readBusinessKey } from '../../upstream/models/identifiers.ts';
import { ChangeLog } from './change-log.ts';
import { Columns } from './columns.ts';
import { type OnDamage, openDirectoryDatabase } from './database.ts';
import { pricePackageRecords, productOrderRecords } from './listed-records.ts';
import { createPageReader } from './pages.ts';
import { createReads } from './reads.ts';
import { Records } from './records.ts';
import { Selector } from './selection.ts';
import { Vocabulary } from './words.ts';

export interface SqliteDirectoryOptions {
  /** `:memory:` keeps nothing beyond the process. */
  readonly file: string;
  /** No record is older than this while the upstream answers. */
  readonly maxAgeMs: number;
  /** For how long changes are kept. */
  readonly changesKeepMs: number;
  /** If the list goes unread for longer than this, uninterrupted observation starts again. */
  readonly gapMs: number;
  /** A removal is told when two lists lack it that were read at least this long after one another. */
  readonly confirmMs: number;
  readonly onDamage: OnDamage;
  /** Called with changes that have been stored. */
  readonly onChanges?: (stored: StoredChanges) => void;
  /** From 0 to 1. */
  readonly random?: () => number;
}

/** Rows of a long list that are stored in one turn of the event loop. */
const SLICE = 500;
/** A record is read again after this part of its greatest age, spread so that not all are due at once. */
const EARLIEST = 0.5;
const SPREAD = 0.4;

/** Opens the directory of one tenant. Throws when its file cannot be used. */
export function openSqliteDirectory(options: SqliteDirectoryOptions): DirectoryIndex {
  const {
    file,
    maxAgeMs,
    changesKeepMs,
    gapMs,
    confirmMs,
    onDamage,
    onChanges = () => {},
    random = Math.random,
  } = options;
  const db = openDirectoryDatabase(file, onDamage);
  const digits = "replace(substr(key, length(rtrim(key, '0123456789-')) + 1), '-', '')";
  const ofUnits = {
    vocabulary: 'unit_vocabulary',
    numbers: 'SELECT msn AS number FROM units',
  };
  const ofMerchants = {
    vocabulary: 'merchant_vocabulary',
    numbers: `SELECT ${digits} AS number FROM merchants`,
  };
  const unitWords = new Vocabulary(db, [ofUnits, ofMerchants]);
  const merchantWords = new Vocabulary(db, [ofMerchants]);
  let columns = new Columns(db);
  let changes = new ChangeLog(db);
  const nextRead = (readAt: number) => Math.round(readAt + maxAgeMs * (EARLIEST + SPREAD * random()));
  const createParts = () => ({
    records: new Records(db, { columns, changes, unitWords, merchantWords, nextRead }),
    orders: productOrderRecords(db, changes, confirmMs),
    packages: pricePackageRecords(db, changes, confirmMs),
    reads: createReads(db, columns),
    pages: createPageReader(
      db,
      columns,
      new Selector(db, columns, { unit: unitWords, merchant: merchantWords }),
    ),
  });
  let { records, orders, packages, reads, pages } = createParts();
  let isClosed = false;
  /** Reads what searches need, and runs a few. */
  const warmUp = async () => {
    const firstName = db.prepare('SELECT folded FROM units LIMIT 1').get()?.['folded'];
    const search = () =>
      pages.units({
        query: readSearchQuery(String(firstName ?? '')),
        conditions: { flags: new Map() },
        order: { field: 'relevance', descending: false },
        size: 20,
        fromEnd: false,
        after: undefined,
        before: undefined,
      });
    for (const load of [
      () => columns.inOrder('unitsByName', []),
      () => unitWords.load(),
      search,
      search,
      search,
    ]) {
      await nextTurn();
      if (!isClosed) load();
    }
  };

  const dueUnits = db.prepare(
    'SELECT msn, next_at FROM units WHERE removed_at IS NULL AND next_at <= ? ORDER BY next_at LIMIT ?',
  );
  const dueMerchants = db.prepare(
    'SELECT key, next_at FROM merchants WHERE next_at <= ? ORDER BY next_at LIMIT ?',
  );
  const merchantId = db.prepare('SELECT id FROM merchants WHERE key = ?');
  const unknown = db.prepare(
    `SELECT 1 FROM units LEFT JOIN merchants ON merchants.id = units.merchant
     WHERE removed_at IS NULL AND (units.read_at IS NULL OR (merchant IS NOT NULL AND merchants.read_at IS NULL)) LIMIT 1`,
  );
  /** What was returned as due and has not come back yet. */
  const taken = new Set<string>();
  let writing: Promise<void> = Promise.resolve();

  const transact = (work: () => void) => {
    db.exec('BEGIN IMMEDIATE');
    try {
      work();
      db.exec('COMMIT');
    } catch (error) {
      if (db.isTransaction) db.exec('ROLLBACK');
      unitWords.clear();
      merchantWords.clear();
      // They may have changes that were undone.
      columns = new Columns(db);
      changes = new ChangeLog(db);
      ({ records, orders, packages, reads, pages } = createParts());
      throw error;
    }
    const added = changes.takeAdded();
    if (added.length > 0) onChanges({ epoch: changes.epoch, changes: added });
  };

  const storeOne = (answer: StoredAnswer) => {
    if (answer.kind === 'salesUnit') records.salesUnit(answer.msn, answer.value, answer.readAt);
    else if (answer.kind === 'merchant') records.merchant(answer.identifier, answer.value, answer.readAt);
    else if (answer.kind !== 'salesUnits') {
      // A list with unreadable rows is no answer, since an error is no data.
      if (answer.isWhole) records.list(answer.path, answer.value, answer.readAt);
      if (answer.kind === 'pricePackages') packages.store(answer);
      else orders.store({ ...answer, isWhole: answer.isWhole && answer.includeExpired });
    }
  };

  /** Stores a list in slices: a crash in between leaves a part of it, and the next list completes it. */
  const storeList = async ({ value, isWhole, readAt }: Extract<StoredAnswer, { kind: 'salesUnits' }>) => {
    const listed = new Set<number>();
    for (let start = 0; start < value.length; start += SLICE) {
      transact(() => {
        for (const id of records.listed(value.slice(start, start + SLICE), readAt)) listed.add(id);
      });
      await nextTurn();
    }
    if (isWhole) {
      for (let isMore = true; isMore; await nextTurn())
        transact(() => {
          isMore = records.confirmRemovals(readAt, readAt - confirmMs, SLICE);
        });
      const { live, end } = columns.units;
      const gone: number[] = [];
      for (let id = 1; id < end; id++) if (live[id] && !listed.has(id)) gone.push(id);
      for (let start = 0; start < gone.length; start += SLICE) {
        transact(() => records.remove(gone.slice(start, start + SLICE), readAt));
        await nextTurn();
      }
    }
    const before = reads.listReadAt();
    const isGap = before !== undefined && readAt - before > gapMs;
    transact(() => {
      records.listRead(readAt);
      if (isGap && changes.observedSince !== undefined) changes.observe(readAt);
    });
  };

  /** Begins to record changes when everything is known for the first time. */
  const observe = (now: number) => {
    if (changes.observedSince !== undefined || reads.listReadAt() === undefined || unknown.get()) return;
    transact(() => changes.observe(now));
  };
  const hasUnit = (key: string) => {
    const id = merchantId.get(key)?.['id'];
    return id !== undefined && columns.unitsOf(Number(id)).some((unitId) => columns.units.live[unitId] === 1);
  };
  // A damaged file is noticed by whoever asks next.
  const warm = warmUp().catch(() => {});
  return {
    ready: () => warm,
    store(answers) {
      for (const answer of answers) taken.delete(nameOf(answer));
      const done = writing.then(async () => {
        for (let start = 0; start < answers.length; ) {
          const answer = answers[start] as StoredAnswer;
          if (answer.kind === 'salesUnits') {
            await storeList(answer);
            start++;
            continue;
          }
          const list = answers.findIndex(({ kind }, index) => index > start && kind === 'salesUnits');
          const end = Math.min(list < 0 ? answers.length : list, start + SLICE);
          transact(() => {
            for (const one of answers.slice(start, end)) storeOne(one);
          });
          start = end;
          await nextTurn();
        }
      });
      writing = done.catch(() => {});
      return done;
    },
    async takeDue(now, most) {
      const units = dueUnits.all(now, most + taken.size).map(({ msn, next_at }) => ({
        at: Number(next_at),
        read: { kind: 'salesUnit', msn: String(msn) } as const,
      }));
      const merchants = dueMerchants.all(now, most + taken.size).flatMap(({ key, next_at }) => {
        const identifier = readBusinessKey(String(key));
        return identifier ? [{ at: Number(next_at), read: { kind: 'merchant', identifier } as const }] : [];
      });
      const due: DueRead[] = [];
      for (const { read } of [...units, ...merchants].sort((left, right) => left.at - right.at)) {
        if (due.length === most) break;
        const name = nameOf(read);
        if (taken.has(name)) continue;
        if (read.kind === 'merchant' && !hasUnit(businessKey(read.identifier))) {
          // Its units are gone. It is read again if one comes back.
          records.postpone(read, now + maxAgeMs);
          continue;
        }
        taken.add(name);
        due.push(read);
      }
      if (due.length === 0 && taken.size === 0) {
        observe(now);
        changes.deleteBefore(now - changesKeepMs);
      }
      return due;
    },
    async postpone(read, until) {
      taken.delete(nameOf(read));
      records.postpone(read, until);
    },
    units: async (page) => pages.units(page),
    merchants: async (page) => pages.merchants(page),
    facets: async (request) => pages.facets(request),
    counts: () => reads.counts(),
    salesUnit: (msn) => reads.salesUnit(msn),
    merchant: (identifier) => reads.merchant(identifier),
    salesUnits: (after) => reads.salesUnits(after),
    merchantSalesUnits: (identifier) => reads.merchantSalesUnits(identifier),
    list: (path) => reads.list(path),
    productOrderTimes: (keys) => reads.productOrderTimes(keys),
    changes: (page) => changes.read(page),
    countChanges: (conditions) => changes.count(conditions),
    async close() {
      await writing;
      isClosed = true;
      db.close();
    },
  };
}

/** Names a record, for reads and their answers alike. */
const nameOf = (read: DueRead | Answer): string => {
  if (read.kind === 'salesUnit') return `unit ${read.msn}`;
  if (read.kind === 'merchant') return `merchant ${businessKey(read.identifier)}`;
  return read.kind;
};
