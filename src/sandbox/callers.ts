import type { Dice } from './data/dice.ts';
import { MAIN_PARTNER, OTHER_PARTNER } from './data/units.ts';

/** Keys of the standard token flow; both subscription keys are good at any time, so that they can be rotated. */
export interface SandboxKeys {
  clientId: string;
  clientSecret: string;
  subscriptionKey: string;
  subscriptionKeySecondary: string;
}

/** Keys of the 15-minute token flow, which takes no subscription key. */
export type ManagementKeys = Pick<SandboxKeys, 'clientId' | 'clientSecret'>;

/** Everybody who has keys to the sandbox. */
export interface SandboxCallers {
  /** Sees every active unit but a handful. */
  partner: SandboxKeys;
  /** Management keys of the same partner. */
  management: ManagementKeys;
  /** Sees only the few units and orders of its own. */
  otherPartner: SandboxKeys;
  /** The first merchant: sees all of its own active units, whichever partner they are connected to. */
  merchant: SandboxKeys;
}

/** Whom a token was issued to, which decides what the API shows. */
export type Caller =
  | { readonly kind: 'partner'; readonly partner: string }
  | { readonly kind: 'merchant'; readonly merchant: number };

/** Finds callers by what they send. */
export interface CallerDirectory {
  readonly keys: SandboxCallers;
  byStandardKeys(clientId: string, clientSecret: string): Caller | undefined;
  byManagementKeys(clientId: string, clientSecret: string): Caller | undefined;
  bySubscriptionKey(key: string): Caller | undefined;
}

export function createCallers(dice: Dice): CallerDirectory {
  const keys: SandboxCallers = {
    partner: createKeys(dice, 0),
    management: createManagementKeys(dice, 1),
    otherPartner: createKeys(dice, 2),
    merchant: createKeys(dice, 3),
  };
  const mainPartner: Caller = { kind: 'partner', partner: MAIN_PARTNER };
  const standard: [SandboxKeys, Caller][] = [
    [keys.partner, mainPartner],
    [keys.otherPartner, { kind: 'partner', partner: OTHER_PARTNER }],
    [keys.merchant, { kind: 'merchant', merchant: 0 }],
  ];
  const subscriptions = new Map(
    standard.flatMap(([{ subscriptionKey, subscriptionKeySecondary }, caller]) => [
      [subscriptionKey, caller] as const,
      [subscriptionKeySecondary, caller] as const,
    ]),
  );

  return {
    keys,
    byStandardKeys: (clientId, clientSecret) =>
      standard.find(([own]) => own.clientId === clientId && own.clientSecret === clientSecret)?.[1],
    byManagementKeys: (clientId, clientSecret) =>
      keys.management.clientId === clientId && keys.management.clientSecret === clientSecret
        ? mainPartner
        : undefined,
    bySubscriptionKey: (key) => subscriptions.get(key),
  };
}

function createKeys(dice: Dice, index: number): SandboxKeys {
  return {
    ...createManagementKeys(dice, index),
    subscriptionKey: dice.hex(32, 'primary subscription key', index),
    subscriptionKeySecondary: dice.hex(32, 'secondary subscription key', index),
  };
}

function createManagementKeys(dice: Dice, index: number): ManagementKeys {
  return {
    clientId: dice.uuid('client id', index),
    clientSecret: Buffer.from(dice.hex(32, 'client secret', index), 'hex').toString('base64'),
  };
}
