import { type Get, merchantPath, type UnitDetails } from './page-by-hand.ts';
import type { UnitData } from './questions.ts';

/** One unit with its merchant, each read once and then kept: what a gateway with a warm cache has to do at least. */
export function createUnitByHand(get: Get): (msn: string) => UnitData | Promise<UnitData> {
  const known = new Map<string, UnitData>();
  return (msn) => {
    const unit = known.get(msn);
    if (unit) return unit;
    return read(get, msn).then((data) => {
      known.set(msn, data);
      return data;
    });
  };
}

async function read(get: Get, msn: string): Promise<UnitData> {
  const { name, businessIdentifier } = (await get(`/management/v1/sales-units/${msn}`)) as UnitDetails;
  const merchant = (await get(merchantPath(businessIdentifier))) as { name: string };
  return { salesUnit: { name, merchant: { name: merchant.name } } };
}
