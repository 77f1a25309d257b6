import { unlessBroken } from '../upstream/models/broken.ts';
import type { SalesUnitSummary } from '../upstream/models/sales-unit.ts';
import { compareText } from './paging/compare-text.ts';
import type { SortOrder } from './paging/sort-order.ts';

export interface SalesUnitOrder {
  readonly field: 'msn' | 'name' | 'merchantName' | 'relevance';
  readonly direction: 'ASC' | 'DESC';
}

// Numbers of different lengths must not sort as text: 99999 comes before 100000.
const compareMsn = (left = '', right = '') => left.length - right.length || compareText(left, right);
const collator = new Intl.Collator('nb');

const ascending: Record<'msn' | 'name', SortOrder<SalesUnitSummary>> = {
  msn: {
    name: 'msn',
    parts: 1,
    key: ({ msn }) => [msn],
    compare: ([left], [right]) => compareMsn(left, right),
  },
  name: {
    name: 'name',
    parts: 2,
    key: ({ name, msn }) => [unlessBroken(name) ?? '', msn],
    compare: ([leftName = '', leftMsn], [rightName = '', rightMsn]) =>
      collator.compare(leftName, rightName) || compareMsn(leftMsn, rightMsn),
  },
};

const descending = ({
  name,
  parts,
  key,
  compare,
}: SortOrder<SalesUnitSummary>): SortOrder<SalesUnitSummary> => ({
  name: `-${name}`,
  parts,
  key,
  compare: (left, right) => compare(right, left),
});

export const salesUnitOrders = {
  msn: { ASC: ascending.msn, DESC: descending(ascending.msn) },
  name: { ASC: ascending.name, DESC: descending(ascending.name) },
};
