import type { Merchant } from '../upstream/models/merchant.ts';
import type { PricePackage } from '../upstream/models/price-package.ts';
import type { ProductOrder } from '../upstream/models/product-order.ts';
import type { SalesUnitDetails, SalesUnitSummary } from '../upstream/models/sales-unit.ts';
import type { AnswerArchive, ArchivedAnswer, ReadSubject } from '../upstream/reads/answer-archive.ts';
import type { Row } from '../upstream/row.ts';
import type { Answer, DirectoryIndex, StoredAnswer } from './directory-index.ts';

/** Answers are stored together, this long after the first of them. */
const FLUSH_MS = 50;
/** More are not kept in memory while the disk is slow: what is left out is read again. */
const MOST_WAITING = 20_000;

export interface DirectoryArchive extends AnswerArchive {
  /** Resolves when everything that was noted is stored. */
  flush(): Promise<void>;
}

/** Passes answers on to the index, many in one transaction. `onFailure` is called when they could not be stored. */
export function createDirectoryArchive(
  index: DirectoryIndex,
  onFailure: (error: unknown) => void,
  ordersChanged: () => void,
): DirectoryArchive {
  let waiting: StoredAnswer[] = [];
  let storing: Promise<void> = Promise.resolve();
  let timer: NodeJS.Timeout | undefined;

  const flush = () => {
    clearTimeout(timer);
    timer = undefined;
    const answers = waiting;
    waiting = [];
    if (answers.length > 0) storing = storing.then(() => index.store(answers)).catch(onFailure);
    return storing;
  };

  return {
    note(subject, answer) {
      const entry = entryOf(subject, answer);
      if (!entry || waiting.length >= MOST_WAITING) return;
      waiting.push({ ...entry, readAt: answer.readAt });
      timer ??= setTimeout(flush, FLUSH_MS).unref();
    },
    ordersChanged,
    async find(subject) {
      try {
        return await find(index, subject);
      } catch {
        return undefined;
      }
    },
    flush,
  };
}

/** Returns an answer as the index stores it; undefined for one that it learns nothing from. */
function entryOf(subject: ReadSubject, { value }: ArchivedAnswer): Answer | undefined {
  switch (subject.kind) {
    case 'salesUnits':
      return { ...subject, ...readableOf(value as readonly Row<SalesUnitSummary>[]) };
    case 'salesUnit':
      return { ...subject, value: value as SalesUnitDetails | null };
    case 'merchant':
      return { ...subject, value: value as Merchant | null };
    case 'merchantSalesUnits':
      return undefined;
    case 'productOrders':
      return { ...subject, ...readableOf(value as readonly Row<ProductOrder>[]) };
    case 'pricePackages':
      return { ...subject, ...readableOf(value as readonly Row<PricePackage>[]) };
  }
}

function readableOf<T extends object>(rows: readonly Row<T>[]) {
  const value = rows.filter((row): row is T => !(row instanceof Error));
  return { value, isWhole: value.length === rows.length };
}

async function find(index: DirectoryIndex, subject: ReadSubject): Promise<ArchivedAnswer | undefined> {
  switch (subject.kind) {
    case 'salesUnits':
      return wholeList(index);
    case 'salesUnit':
      return index.salesUnit(subject.msn);
    case 'merchant':
      return index.merchant(subject.identifier);
    case 'merchantSalesUnits':
      return index.merchantSalesUnits(subject.identifier);
    case 'productOrders':
    case 'pricePackages':
      return index.list(subject.path);
  }
}

async function wholeList(index: DirectoryIndex): Promise<ArchivedAnswer | undefined> {
  const units: SalesUnitSummary[] = [];
  for (let after: string | undefined; ; ) {
    const part = await index.salesUnits(after);
    if (!part) return undefined;
    for (const unit of part.value) units.push(unit);
    after = part.value.at(-1)?.msn;
    if (after === undefined) return { value: units, readAt: part.readAt };
  }
}
