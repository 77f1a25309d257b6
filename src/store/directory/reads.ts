import type { DatabaseSync } from 'node:sqlite';
import type { Dated, DirectoryIndex } from '../../directory/directory-index.ts';
import { msnKeyOf } from '../../directory/sort-key.ts';
import { BROKEN } from '../../upstream/models/broken.ts';
import { businessKey } from '../../upstream/models/identifiers.ts';
import type { Merchant } from '../../upstream/models/merchant.ts';
import type { SalesUnitDetails, SalesUnitSummary } from '../../upstream/models/sales-unit.ts';
import type { Columns } from './columns.ts';
import { fromJson } from './json.ts';

/** Units that are returned at once. */
const LIST_SLICE = 2_000;

/** What is read without a search. */
type Reads = Pick<
  DirectoryIndex,
  'counts' | 'salesUnit' | 'merchant' | 'salesUnits' | 'merchantSalesUnits' | 'list' | 'productOrderTimes'
> & {
  /** When the list of units was last read, in milliseconds since 1970; undefined if it never was. */
  readonly listReadAt: () => number | undefined;
};

/** Reads objects and lists as the upstream returned them. */
export function createReads(db: DatabaseSync, columns: Columns): Reads {
  const unit = db.prepare(
    'SELECT json AS details, read_at FROM units JOIN unit_details USING (id) WHERE msn = ? AND removed_at IS NULL',
  );
  const merchant = db.prepare(
    'SELECT json AS details, read_at FROM merchants JOIN merchant_details USING (id) WHERE key = ?',
  );
  const liveUnits = db.prepare(
    `SELECT msn, name FROM units WHERE removed_at IS NULL AND msn_key > ? ORDER BY msn_key LIMIT ${LIST_SLICE}`,
  );
  const unitsOfMerchant = db.prepare(
    `SELECT msn, name FROM units WHERE merchant = (SELECT id FROM merchants WHERE key = ?) AND removed_at IS NULL`,
  );
  const list = db.prepare('SELECT value AS details, read_at FROM answers WHERE path = ?');
  const orderTimes = db.prepare(
    'SELECT key, first_seen_at, status_since FROM product_orders WHERE key IN (SELECT value FROM json_each(?))',
  );
  const meta = db.prepare('SELECT value FROM meta WHERE key = ?');
  const dated = <T>(row: Record<string, unknown> | undefined): Dated<T> | undefined =>
    typeof row?.['details'] === 'string' && row['read_at'] !== null
      ? { value: fromJson<T>(row['details']), readAt: Number(row['read_at']) }
      : undefined;
  const listReadAt = () => {
    const value = meta.get('listReadAt')?.['value'];
    return value === undefined ? undefined : Number(value);
  };
  const summaries = (
    rows: readonly Record<string, unknown>[],
  ): Dated<readonly SalesUnitSummary[]> | undefined => {
    const readAt = listReadAt();
    if (readAt === undefined) return undefined;
    return {
      readAt,
      value: rows.map(({ msn, name }) => ({
        msn: String(msn),
        name: typeof name === 'string' ? name : BROKEN,
      })),
    };
  };

  return {
    listReadAt,
    async counts() {
      const { units, merchants } = columns;
      const isOwner = new Uint8Array(merchants.end);
      let [salesUnits, knownSalesUnits] = [0, 0];
      let oldest = Number.POSITIVE_INFINITY;
      for (let id = 1; id < units.end; id++) {
        if (!units.live[id]) continue;
        salesUnits++;
        if (units.read[id]) {
          knownSalesUnits++;
          oldest = Math.min(oldest, units.readAt[id] ?? oldest);
        }
        isOwner[units.merchant[id] ?? 0] = 1;
      }
      isOwner[0] = 0;
      let [owners, knownOwners] = [0, 0];
      for (let id = 1; id < merchants.end; id++) {
        owners += isOwner[id] ?? 0;
        knownOwners += isOwner[id] && merchants.read[id] ? 1 : 0;
      }
      return {
        salesUnits,
        knownSalesUnits,
        removedSalesUnits: units.end - 1 - salesUnits,
        merchants: owners,
        knownMerchants: knownOwners,
        oldestReadAt: Number.isFinite(oldest) ? oldest : undefined,
        listReadAt: listReadAt(),
      };
    },
    salesUnit: async (msn) => dated<SalesUnitDetails | null>(unit.get(msn)),
    merchant: async (identifier) => dated<Merchant | null>(merchant.get(businessKey(identifier))),
    salesUnits: async (after) => summaries(liveUnits.all(after == null ? '' : msnKeyOf(after))),
    async merchantSalesUnits(identifier) {
      // A unit whose details are not known may be one of this merchant's.
      const { live, read } = columns.units;
      if (live.some((isLive, id) => isLive === 1 && read[id] !== 1)) return undefined;
      return summaries(unitsOfMerchant.all(businessKey(identifier)));
    },
    list: async (path) => dated<unknown>(list.get(path)),
    productOrderTimes: async (keys) =>
      new Map(
        orderTimes
          .all(JSON.stringify(keys))
          .map((row) => [
            String(row['key']),
            { firstSeenAt: Number(row['first_seen_at']), statusSince: Number(row['status_since']) },
          ]),
      ),
  };
}
