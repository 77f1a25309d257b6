import type { SandboxData } from '../../../src/sandbox/sandbox-data.ts';
import type { CallerName } from './tokens.ts';

/** True for both key sets of the main partner. */
export const isPartner = (caller: CallerName) => caller === 'partner' || caller === 'management';
const same = (one: { scheme: string; id: string }, other: { scheme: string; id: string }) =>
  one.scheme === other.scheme && one.id === other.id;

/** Whether a caller sees the unit with this MSN. */
export function sees(data: SandboxData, caller: CallerName, msn: string): boolean {
  if (isPartner(caller)) return data.msns.includes(msn);
  if (caller === 'otherPartner') return msn === data.hidden.msnOfOtherPartner;
  return data.msns.includes(msn) && same(data.merchantOf(msn).businessIdentifier, data.ownMerchant);
}

/** Whether a caller sees a merchant: one of its units at least. */
export function seesMerchant(
  data: SandboxData,
  caller: CallerName,
  wanted: { scheme: string; id: string },
): boolean {
  if (isPartner(caller)) return data.merchants.some((one) => same(one, wanted));
  // The first merchant has a unit with the other partner.
  if (caller === 'otherPartner' && same(wanted, data.hidden.merchantOfOtherPartner)) return true;
  return same(wanted, data.ownMerchant);
}
