import { describe, expect, it } from 'vitest';
import { busiestTurn } from '../../support/busiest-turn.ts';
import { startTestGateway, type TestGateway } from '../../support/gateway.ts';

const MOST_BUSY_MS = 250;

async function ask({ gateway }: TestGateway, query: string, variables = {}) {
  const { text, busyMs } = await busiestTurn(async () => {
    const response = await gateway.fetch('http://127.0.0.1/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query, variables }),
    });
    return response.text();
  });
  return { answer: JSON.parse(text), busyMs };
}

describe('thousands of errors', () => {
  const ids = Array.from({ length: 1_000 }, () => 'x');
  const fields = Array.from({ length: 4 }, (_, index) => `a${index}: nodes(ids: $ids) { id }`).join(' ');

  it('in a document of many lines cost no more than in one line', async () => {
    await using gateway = await startTestGateway();
    const { answer, busyMs } = await ask(gateway, `query ($ids: [ID!]!) {${'\n'.repeat(60_000)}${fields} }`, {
      ids,
    });
    expect(answer.errors).toHaveLength(20);
    expect(answer.extensions.omittedErrors).toBe(4_000 - 20);
    expect(busyMs).toBeLessThan(MOST_BUSY_MS);
  });

  it('under a long name cost no more than under a short one', async () => {
    await using gateway = await startTestGateway({ sandbox: { units: 1, latencyMs: 0 } });
    const inner = Array.from(
      { length: 8 },
      (_, index) => `a${index}: merchant { salesUnits(first: -1) { totalCount } }`,
    );
    const nested = `nodes { merchant { productOrders(first: 20) { nodes { ${inner.join(' ')} } } } }`;
    const { busyMs } = await ask(gateway, `{ ${'a'.repeat(100)}: productOrders(first: 20) { ${nested} } }`);
    expect(busyMs).toBeLessThan(MOST_BUSY_MS);
  });
});

describe('the location of an error', () => {
  it('is its line and column in the document', async () => {
    await using gateway = await startTestGateway();
    const wrong = await ask(gateway, '{\n  salesUnits {\r\n    nodes { nme }\n  }\n}');
    expect(wrong.answer.errors[0].locations).toEqual([{ line: 3, column: 13 }]);
    const refused = await ask(gateway, '{\n\n  salesUnit(msn: "1") { name }\n}');
    expect(refused.answer.errors[0]).toMatchObject({
      path: ['salesUnit'],
      locations: [{ line: 3, column: 3 }],
    });
    const broken = await ask(gateway, '{\n  salesUnit(');
    expect(broken.answer.errors[0].locations).toEqual([{ line: 2, column: 13 }]);
  });
});
