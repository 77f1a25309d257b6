import type { Secret } from './secret.ts';

export interface SubscriptionKeys {
  /** The key to send; undefined where calls carry none. */
  current(): Secret | undefined;
  /** The upstream refused `key`. True when there is another one to try; that one is used from now on. */
  reject(key: Secret | undefined): boolean;
}

/** Primary and secondary key are interchangeable, for rotation: the one that worked last is kept. */
export function createSubscriptionKeys(
  primary: Secret | undefined,
  secondary: Secret | undefined,
): SubscriptionKeys {
  let inUse = primary;
  return {
    current: () => inUse,
    reject(key) {
      if (key !== inUse) return true;
      if (!primary || !secondary) return false;
      inUse = key === primary ? secondary : primary;
      return true;
    },
  };
}
