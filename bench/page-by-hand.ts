import type { BusinessIdentifier, PageData } from './questions.ts';

/** One GET of the Management API: its JSON. */
export type Get = (path: string) => Promise<unknown>;

/** A unit as `GET /management/v1/sales-units/{msn}` tells it, as far as the page needs it. */
export interface UnitDetails {
  readonly msn: string;
  readonly name: string;
  readonly businessIdentifier: BusinessIdentifier;
  readonly configuration: { readonly captureType?: string };
}

interface Merchant {
  readonly name: string;
  readonly status: string;
}

const captureTypes: Record<string, string> = {
  ReserveCapture: 'RESERVE_CAPTURE',
  DirectCapture: 'DIRECT_CAPTURE',
  NotApplicable: 'NOT_APPLICABLE',
};

export const merchantPath = ({ scheme, id }: BusinessIdentifier) =>
  `/management/v1/merchants/${scheme}/${id}`;

/**
 * The page with the fewest calls and nothing else: the list, each unit, each merchant when its first unit is there.
 * No checks, no time-outs, no retries: what a gateway costs more than this is its price.
 */
export function createPageByHand(get: Get): (first: number) => Promise<PageData> {
  return async (first) => {
    const list = (await get('/management/v1/sales-units')) as Pick<UnitDetails, 'msn' | 'name'>[];
    list.sort((left, right) => left.msn.length - right.msn.length || (left.msn < right.msn ? -1 : 1));
    const merchants = new Map<string, Promise<Merchant>>();
    const nodes = list.slice(0, first).map(async ({ msn, name }) => {
      const { configuration, businessIdentifier } = (await get(
        `/management/v1/sales-units/${msn}`,
      )) as UnitDetails;
      const path = merchantPath(businessIdentifier);
      let asked = merchants.get(path);
      if (!asked) {
        asked = get(path) as Promise<Merchant>;
        merchants.set(path, asked);
      }
      const merchant = await asked;
      return {
        msn,
        name,
        configuration: { captureType: captureTypes[configuration.captureType ?? ''] ?? null },
        merchant: { name: merchant.name, status: merchant.status },
      };
    });
    return { salesUnits: { nodes: await Promise.all(nodes) } };
  };
}
