/**
 * On which calls `Merchant-Serial-Number` is sent. `never`: on none, the token call included. `one`: the configured number,
 * on the token call and on calls that name one sales unit, merchant or order. `always`: the configured number on every call.
 * `own`: as `one`, but a call for one sales unit carries the number of that unit.
 */
export const merchantSerialNumberUses = ['never', 'one', 'always', 'own'] as const;
export type MerchantSerialNumberUse = (typeof merchantSerialNumberUses)[number];

/** What a call is about. A business that orders a product is not a merchant yet. */
export type Subject = 'token' | 'one' | 'many';

/** Returns the number to send with a call; undefined for none. `own` is the number of the sales unit that the call names. */
export type MerchantSerialNumberFor = (subject: Subject, own?: string) => string | undefined;

/** Returns the rule for one client. */
export function merchantSerialNumberFor(
  configured: string | undefined,
  use: MerchantSerialNumberUse,
): MerchantSerialNumberFor {
  if (use === 'never') return () => undefined;
  if (use === 'always') return () => configured;
  return (subject, own) => {
    if (subject === 'many') return undefined;
    return use === 'own' && own !== undefined ? own : configured;
  };
}
