import { describe, expect, it, vi } from 'vitest';
import { UnsentAnswers } from '../../../src/server/connections/unsent-answers.ts';
import { RowAdmission } from '../../../src/server/limits/row-admission.ts';
import { DeadlineExceeded } from '../../../src/upstream/errors.ts';
import { startTestGateway, type TestGateway } from '../../support/gateway.ts';

const name = 'x'.repeat(100);
/** More than 256 KiB with 1,000 units. */
const LONG = `{ salesUnits(first: 1000) { nodes { ${['a', 'b', 'c', 'd'].map((one) => `${one}${name}: id`).join(' ')} } } }`;
const SHORT = '{ salesUnits(first: 1000) { nodes { id } } }';

const send = async ({ gateway }: TestGateway, query: string) => {
  const response = await gateway.fetch('http://127.0.0.1/graphql', {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/graphql-response+json',
      'x-cost-report': '1',
    },
    body: JSON.stringify({ query }),
  });
  const text = await response.text();
  const { data, errors, extensions } = JSON.parse(text);
  return { status: response.status, text, data, code: errors?.[0].extensions.code, cost: extensions?.cost };
};

describe('a long answer', () => {
  it('costs one point for each 100 KiB', async () => {
    await using gateway = await startTestGateway({
      sandbox: { units: 1_000, latencyMs: 0 },
      env: { CACHE: 'on' },
    });
    await send(gateway, SHORT);
    const short = await send(gateway, SHORT);
    const long = await send(gateway, LONG);
    const points = ({ text }: typeof long) => Math.floor(text.length / (100 * 1024));
    expect(long.cost.rows).toBe(short.cost.rows);
    expect(points(long)).toBeGreaterThan(3);
    expect(long.cost.charged - short.cost.charged).toBe(points(long) - points(short));
  });

  it('that finds no room until the deadline is OVERLOADED with data: null and 200', async () => {
    const unsentAnswers = new UnsentAnswers();
    await using gateway = await startTestGateway({
      sandbox: { units: 1_000, latencyMs: 0 },
      env: { REQUEST_DEADLINE_MS: '1000' },
      gateway: { unsentAnswers },
    });
    const release = await unsentAnswers.long.enter(Number.MAX_SAFE_INTEGER, { waitMs: 0 });
    expect(await send(gateway, LONG)).toMatchObject({ status: 200, data: null, code: 'OVERLOADED' });
    expect(await send(gateway, SHORT)).toMatchObject({ status: 200, code: undefined });
    release?.();
    expect(await send(gateway, LONG)).toMatchObject({ status: 200, code: undefined });
    expect(unsentAnswers.long.held).toBe(0);
  });
});

it('An operation whose deadline passes while it waits to start has data: null and 200', async () => {
  const enter = vi
    .spyOn(RowAdmission.prototype, 'enter')
    .mockRejectedValue(new DeadlineExceeded('while it waited'));
  try {
    await using gateway = await startTestGateway();
    expect(await send(gateway, SHORT)).toMatchObject({ status: 200, data: null, code: 'DEADLINE_EXCEEDED' });
    expect(gateway.calls()).toEqual({});
  } finally {
    enter.mockRestore();
  }
});
