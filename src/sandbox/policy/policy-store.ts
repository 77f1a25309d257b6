import type { Policy } from './policy.ts';
import { defaultPolicy, readPolicy } from './policy.ts';

/** The current policies. */
export interface PolicyStore {
  /** Always the same object, so that routes see every change. */
  readonly values: Policy;
  /** Grows with every change, so that results that depend on policies can be invalidated. */
  readonly version: number;
  /** Changes the named policies, all or none; null returns one to its value at the start. Throws a PolicyError. */
  set(changes: unknown): void;
  /** Returns every policy to its value at the start. */
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
