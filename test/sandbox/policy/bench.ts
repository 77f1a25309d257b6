import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Exchange } from '../../../src/sandbox/http/exchange.ts';
import type { PolicyValue } from '../../../src/sandbox/policy/definition.ts';
import type { PolicyName } from '../../../src/sandbox/policy/policy.ts';
import { defaultPolicy, policyDefinition } from '../../../src/sandbox/policy/policy.ts';
import type { Sandbox } from '../../../src/sandbox/server.ts';
import { startSandbox } from '../../../src/sandbox/server.ts';
import { createContractCheck } from '../../support/contract.ts';
import type { ApiHeaders, Reply } from '../client.ts';
import { send, signIn } from '../client.ts';
import { order, smallest } from '../ordering.ts';

/** What a case works with. */
export interface Bench {
  readonly sandbox: Sandbox;
  readonly partner: ApiHeaders;
  /** The keys of the first merchant. */
  readonly merchant: ApiHeaders;
  get(path: string, headers?: Record<string, string>): Promise<Reply>;
  /** Orders a product and gives its id. */
  place(body?: object): Promise<string>;
}

/** How a policy shows over HTTP: what is seen, and what it is under each value. */
export interface PolicyCase {
  see(bench: Bench): Promise<unknown>;
  /** Every choice; of a number, the default and another. */
  gives: readonly (readonly [PolicyValue, unknown])[];
  /** The values whose answers break the contract on purpose. */
  outside?: readonly PolicyValue[];
}

/** Sets each value of each policy on a running sandbox and looks; every answer is held against the contract. */
export function describePolicies<N extends PolicyName>(title: string, cases: Record<N, PolicyCase>): void {
  let exchanges: Exchange[] = [];
  let check: (exchange: Exchange) => string[];
  let bench: Bench;

  beforeAll(async () => {
    check = await createContractCheck();
    bench = await openBench((exchange) => exchanges.push(exchange));
  });
  beforeEach(() => {
    bench.sandbox.setPolicy({ ...defaultPolicy, latencyMs: 0 });
    bench.sandbox.resetState();
    exchanges = [];
  });
  afterAll(() => bench.sandbox.close());

  describe.each(Object.keys(cases) as N[])(`${title}: %s`, (name) => {
    const { see, gives, outside = [] } = cases[name];
    it.each(gives)('%j', async (value, expected) => {
      bench.sandbox.setPolicy({ [name]: value });
      expect(await see(bench)).toEqual(expected);
      // Some requests are wrong on purpose, so only what is said about the answers counts.
      const violations = exchanges.flatMap(check).filter((violation) => violation.includes(': response'));
      expect(violations.length > 0).toBe(outside.includes(value));
    });

    it('is shown with all its sides', () => {
      const { choices, default: initial } = policyDefinition(name);
      const shown = gives.map(([value]) => value);
      if ('minimum' in choices) expect(shown.length).toBeGreaterThan(1);
      else expect(new Set(shown)).toEqual(new Set(choices));
      expect(shown).toContain(initial);
    });
  });
}

async function openBench(onExchange: (exchange: Exchange) => void): Promise<Bench> {
  const sandbox = await startSandbox({ units: 50, latencyMs: 0, tokenLifetimeSeconds: 1e9, onExchange });
  const partner = await signIn(sandbox);
  return {
    sandbox,
    partner,
    merchant: await signIn(sandbox, sandbox.callers.merchant),
    get: (path, headers = partner) => send(sandbox, 'GET', path, { headers }),
    place: async (body = smallest) => (await order(sandbox, partner, body)).json.prefilledOrderId,
  };
}
