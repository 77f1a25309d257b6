import type { Secret } from './secret.ts';

export interface SubscriptionKeys {
  /** Returns the key to send; undefined when calls send none. */
  current(): Secret | undefined;
  /** Notes that the upstream refused `key`. Returns whether there is another one, which is used from now on. */
  reject(key: Secret | undefined): boolean;
}

/** Switches between the primary and the secondary key, which are interchangeable so that either can be rotated. */
export function createSubscriptionKeys(
  primary: Secret | undefined,
  secondary: Secret | undefined,
  onSwitch: () => void = () => {},
): SubscriptionKeys {
  let inUse = primary;
  return {
    current: () => inUse,
    reject(key) {
      if (key !== inUse) return true;
      if (!primary || !secondary) return false;
      inUse = key === primary ? secondary : primary;
      onSwitch();
      return true;
    },
  };
}
