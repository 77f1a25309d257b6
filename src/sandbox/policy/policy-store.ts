import type { Policy } from './policy.ts';
import { defaultPolicy, readPolicy } from './policy.ts';

/** The policy in force. */
export interface PolicyStore {
  /** The same object for ever, so that a route reads a change without being told. */
  readonly values: Policy;
  /** Grows with every change, so that what was made by the old policy is made anew. */
  readonly version: number;
  /** Changes the policies that are named, by null to what they were at the start; all or none. Throws a PolicyError. */
  set(changes: unknown): void;
  /** Makes every policy what it was at the start. */
  restart(): void;
}

export function createPolicyStore(initial: Partial<Policy>): PolicyStore {
  const atStart: Policy = { ...defaultPolicy, ...readPolicy(initial, defaultPolicy) };
  const values = { ...atStart };
  let version = 0;
  const change = (changes: Partial<Policy>) => {
    Object.assign(values, changes);
    version++;
  };

  return {
    values,
    get version() {
      return version;
    },
    set: (changes) => change(readPolicy(changes, atStart)),
    restart: () => change(atStart),
  };
}
