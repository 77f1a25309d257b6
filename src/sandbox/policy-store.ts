import type { Policy } from './policy.ts';
import { defaultPolicy, readPolicy } from './policy.ts';

/** The policy in force. */
export interface PolicyStore {
  /** The same object for ever, so that a route reads a change without being told. */
  readonly values: Policy;
  /** Grows with every change, so that what was made by the old policy is made anew. */
  readonly version: number;
  /** Changes the policies that are named; all or none. Throws a PolicyError. */
  set(changes: unknown): void;
}

export function createPolicyStore(initial: Partial<Policy>): PolicyStore {
  const values = { ...defaultPolicy };
  let version = 0;
  const set = (changes: unknown) => {
    Object.assign(values, readPolicy(changes));
    version++;
  };

  set(initial);
  return {
    values,
    get version() {
      return version;
    },
    set,
  };
}
