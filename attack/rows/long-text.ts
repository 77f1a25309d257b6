import { readCpuMs } from '../process-metrics.ts';
import { graphqlRequest, jsonHeaders, type Refusal, type Row, type TestContext } from '../test-context.ts';

// A62: long texts in everything that a client or the upstream writes, in the forms that patterns of messages look for.

/** Bytes of a text in JSON; with the rest of the body it stays within the limit of a megabyte. */
const SIZE = 1_000_000;
/** With the other headers it stays within 8 KB, beyond which node:http refuses. */
const HEADER_SIZE = 6_500;
const MOST_CPU_MS = 50;
const TRIES = 3;
const UNIT = 'GET /management/v1/sales-units/{msn}';

/** Pieces that a backtracking pattern would begin with again and again. */
const pieces = [
  ' cannot represent ',
  'x String "',
  '" does not exist in "x" enum',
  ', found ',
  'a',
  ': ',
  ' ',
];
const fill = (piece: string, size: number) => {
  const text = `bomb${piece}`;
  return text.repeat(Math.floor(size / (JSON.stringify(text).length - 2)));
};
const refusal: Refusal = {
  codes: ['BAD_REQUEST', 'BAD_USER_INPUT', 'OPERATION_TOO_COMPLEX'],
  silentAbout: ['bombbomb', 'bomb: bomb', 'bomb bomb', 'bombabomb', 'bomb cannot'],
  mostErrors: 3,
};

async function longTexts(context: TestContext): Promise<void> {
  for (const piece of pieces) {
    await inBodies(context, piece);
    await inHeaders(context, piece);
    await fromUpstream(context, piece);
  }
}

async function inBodies({ target, refused }: TestContext, piece: string): Promise<void> {
  const text = fill(piece, SIZE);
  const typename = '{ __typename }';
  const units = 'query ($v: Int) { salesUnits(first: $v) { totalCount } }';
  const filter = 'query ($v: SalesUnitFilter) { salesUnits(filter: $v) { totalCount } }';
  const requests = {
    'a parameter': graphqlRequest(target, typename, undefined, 'browser', { [text]: 1 }),
    'an operation name': graphqlRequest(target, typename, undefined, 'browser', { operationName: text }),
    'a variable': graphqlRequest(target, units, { v: text }),
    'a key of a variable': graphqlRequest(target, filter, { v: { [text]: 1 } }),
    'a document': graphqlRequest(
      target,
      `{ salesUnit(msn: "${text.slice(0, 15_000).replaceAll('"', "'")}" 1) { name } }`,
    ),
    'a document of a megabyte': graphqlRequest(target, text),
  };
  for (const [what, request] of Object.entries(requests))
    await refused(`${what} of ${JSON.stringify(piece)}`, request, refusal);
  // Read before anybody asks the upstream whose keys they are.
  const { authorization: _none, ...headers } = jsonHeaders(target);
  const keys = {
    'vipps-client-id': '00000000-0000-0000-0000-000000000000',
    'vipps-client-secret': 'nobody',
    'ocp-apim-subscription-key': 'nobody',
  };
  await refused(
    `a parameter of ${JSON.stringify(piece)} without a key`,
    { headers: { ...headers, ...keys }, body: JSON.stringify({ query: typename, [text]: 1 }) },
    refusal,
  );
}

/** What the cheapest of a few equal requests cost, and what they were answered. */
async function leastCost({ target, send }: TestContext, request: () => Parameters<TestContext['send']>[0]) {
  let ms = Number.POSITIVE_INFINITY;
  let status = 0;
  let text = '';
  for (let tries = 0; tries < TRIES; tries++) {
    const before = readCpuMs(target.pid);
    ({ status, text } = await send(request()));
    ms = Math.min(ms, readCpuMs(target.pid) - before);
  }
  return { ms, status, text };
}

const headerNames = [
  'accept',
  'accept-encoding',
  'authorization',
  'content-encoding',
  'content-type',
  'host',
  'origin',
  'user-agent',
  'vipps-client-secret',
  'x-request-id',
];

async function inHeaders(context: TestContext, piece: string): Promise<void> {
  const { target, check } = context;
  const base = graphqlRequest(target, '{ __typename }');
  for (const name of headerNames) {
    const value = `x,${fill(piece, HEADER_SIZE)}`.trim();
    const { ms, status, text } = await leastCost(context, () => ({
      ...base,
      headers: { ...base.headers, [name]: value },
    }));
    const what = `${name} of ${JSON.stringify(piece)}`;
    check(`${what}: no failure`, status < 500, `${status} ${text}`);
    check(`${what}: costs at most ${MOST_CPU_MS} ms`, ms <= MOST_CPU_MS, `${ms.toFixed(0)} ms`);
    check(`${what}: does not echo`, !text.includes('bomb'), text);
  }
}

async function fromUpstream(context: TestContext, piece: string): Promise<void> {
  const { target, check } = context;
  const { sandbox } = target.fixture;
  const text = fill(piece, SIZE);
  const short = `x/${fill(piece, HEADER_SIZE)}`.trim();
  const faults = {
    problem: { status: 400, body: { title: 'x', status: 400, detail: text } },
    'field of a problem': { status: 400, body: { title: 'x', extraDetails: [{ name: text, reason: 'x' }] } },
    'message of its gateway': { status: 401, body: { statusCode: 401, message: text } },
    body: { status: 200, body: text },
    'name of a unit': { status: 200, body: { msn: '123456', name: text } },
    'business identifier': {
      status: 200,
      body: { msn: '123456', name: 'x', businessIdentifier: { scheme: text, id: text } },
    },
    'content type': { status: 200, body: '{}', contentType: `application/${short}` },
    'Retry-After': { status: 429, body: '{}', retryAfter: short },
  };
  let msn = 5_000_000;
  for (const [what, fault] of Object.entries(faults)) {
    sandbox.fault({ route: UNIT, ...fault });
    const {
      ms,
      status,
      text: answer,
    } = await leastCost(context, () =>
      graphqlRequest(
        target,
        `{ salesUnit(msn: "${msn++}") { name merchant { name } } }`,
        undefined,
        'partner',
      ),
    );
    sandbox.clearFaults();
    const name = `${what} of ${JSON.stringify(piece)}`;
    check(`${name}: is answered`, status < 500, answer);
    // Reading a megabyte and writing it out again takes some of this.
    check(`${name}: costs at most ${MOST_CPU_MS} ms`, ms <= MOST_CPU_MS, `${ms.toFixed(0)} ms`);
  }
}

export const longTextRows: readonly Row[] = [
  { id: 'A62', what: 'a megabyte of text for every pattern', run: longTexts },
];
