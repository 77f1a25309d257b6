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
    expect(answer.errors.map(({ path }: { path: unknown }) => path)).toEqual(
      [0, 1, 2, 3].flatMap((field) => ids.map((_id, index) => [`a${field}`, index])),
    );
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

describe('a page whose rows all fail', () => {
  const page =
    '{ salesUnits(first: 1000) { nodes { msn configuration { captureType } merchant { name } } } }';

  it('has an error for each null, of at most 300 bytes, and one log line for each of the first causes', async () => {
    await using gateway = await startTestGateway({ sandbox: { units: 1_000, latencyMs: 0 } });
    gateway.sandbox.fault({ route: 'GET /management/v1/sales-units/{msn}', status: 410 });
    const { answer, busyMs } = await ask(gateway, page);
    const { nodes } = answer.data.salesUnits;
    expect(nodes).toHaveLength(1_000);
    const paths = new Set(answer.errors.map(({ path }: { path: unknown[] }) => path.join('.')));
    for (const [index, node] of nodes.entries())
      for (const field of ['configuration', 'merchant'])
        if (node[field] === null) expect(paths).toContain(`salesUnits.nodes.${index}.${field}`);
    expect(paths.size).toBe(2_000);
    expect(answer.errors).toHaveLength(2_000);
    for (const error of answer.errors) expect(JSON.stringify(error).length).toBeLessThanOrEqual(300);
    expect(busyMs).toBeLessThan(MOST_BUSY_MS);
    const causes = gateway.logs.filter(
      ({ level, code }) => level === 'warn' && code === 'UPSTREAM_BAD_RESPONSE',
    );
    expect(causes).toHaveLength(20);
    expect(gateway.logs).toContainEqual(expect.objectContaining({ errors: 2_000, causes: 1_000 }));
  });

  it('gives few errors their location and the request id, and many only code, path and retryable', async () => {
    await using gateway = await startTestGateway({ sandbox: { units: 30, latencyMs: 0 } });
    gateway.sandbox.fault({ route: 'GET /management/v1/sales-units/{msn}', status: 500 });
    const few = await ask(gateway, page.replace('1000', '10'));
    expect(few.answer.errors).toHaveLength(20);
    for (const { locations, extensions } of few.answer.errors)
      expect([locations, extensions.requestId]).not.toContain(undefined);
    const { answer } = await ask(gateway, page);
    expect(answer.errors).toHaveLength(60);
    expect(answer.extensions.requestId).toMatch(/^[\w-]{36}$/);
    for (const { locations, extensions, path } of answer.errors) {
      expect(path).toHaveLength(4);
      expect(extensions).toMatchObject({
        code: expect.stringMatching(/^(UPSTREAM_UNAVAILABLE|CIRCUIT_OPEN)$/),
        retryable: true,
      });
      expect([locations, extensions.requestId]).toEqual([undefined, undefined]);
    }
  });

  it('is refused when its errors are longer than an answer may be', async () => {
    const maxAnswerBytes = 64 * 1024;
    const env = { MAX_ANSWER_BYTES: String(maxAnswerBytes) };
    await using gateway = await startTestGateway({ sandbox: { units: 1_000, latencyMs: 0 }, env });
    gateway.sandbox.fault({ route: 'GET /management/v1/sales-units/{msn}', status: 500 });
    const { answer } = await ask(gateway, page);
    expect(answer.errors).toHaveLength(1);
    expect(answer.errors[0].extensions.code).toBe('OPERATION_TOO_EXPENSIVE');
    expect(JSON.stringify(answer).length).toBeLessThan(maxAnswerBytes);
  });

  it('is serialized in pieces, and costs points for the bytes of its errors', async () => {
    await using gateway = await startTestGateway({ sandbox: { units: 1_000, latencyMs: 0 } });
    gateway.sandbox.fault({ route: 'GET /management/v1/sales-units/{msn}', status: 500 });
    const field = (index: number) => `c${index}: configuration { captureType }`;
    const fields = Array.from({ length: 9 }, (_, index) => field(index)).join(' ');
    const query = `{ salesUnits(first: 1000) { nodes { msn ${fields} } } }`;
    const { answer, busyMs } = await ask(gateway, query);
    expect(answer.errors).toHaveLength(9_000);
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
