import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readCpuMs } from '../process-metrics.ts';
import {
  type GraphqlBody,
  graphqlRequest,
  jsonHeaders,
  type Refusal,
  type Row,
  readJson,
  type TestContext,
} from '../test-context.ts';

// A11, A20-A25, A40, A41, A46, A47, A55: what stands in arguments and variables.

const badInput: Refusal = { codes: ['BAD_USER_INPUT'], statuses: [200, 400] };
const globalId = (type: string, id: string) => Buffer.from(`${type}:${id}`).toString('base64');

interface Place {
  readonly what: string;
  readonly query: string;
  readonly variables: (value: string) => object;
}

/** Everywhere where a text of a client could become a part of an upstream path. */
const pathPlaces: readonly Place[] = [
  { what: 'msn', query: 'query ($v: String!) { salesUnit(msn: $v) { name } }', variables: (v) => ({ v }) },
  {
    what: 'scheme',
    query: 'query ($v: String!) { merchant(businessIdentifier: { scheme: $v, id: "123456785" }) { name } }',
    variables: (v) => ({ v }),
  },
  {
    what: 'id',
    query:
      'query ($v: String!) { merchant(businessIdentifier: { scheme: "business:NO:ORG", id: $v }) { name } }',
    variables: (v) => ({ v }),
  },
  {
    what: 'productOrderId',
    query: 'query ($v: ID!) { productOrder(productOrderId: $v) { status } }',
    variables: (v) => ({ v }),
  },
  {
    what: 'pricePackageId',
    query: 'query ($v: ID!) { pricePackage(pricePackageId: $v) { name } }',
    variables: (v) => ({ v }),
  },
  ...['SalesUnit', 'Merchant'].map(
    (type): Place => ({
      what: `node of ${type}`,
      query: 'query ($v: ID!) { node(id: $v) { id } }',
      variables: (v) => ({ v: globalId(type, v) }),
    }),
  ),
];
const remove =
  'mutation ($v: ID!) { deleteProductOrder(input: { productOrderId: $v }) { deletedProductOrderId userErrors { code } } }';
const prefill =
  'mutation ($input: PrefillProductOrderInput!) { prefillProductOrder(input: $input) { prefillUrl userErrors { code message } } }';
const order = { businessIdentifier: { scheme: 'business:NO:ORG', id: '123456785' }, productType: 'LOGIN' };

/** Orders and packages are found in the list of what the tenant can see: an id goes into no path, and is unknown. */
async function tryLists(context: TestContext, name: string, value: string): Promise<void> {
  for (const type of ['ProductOrder', 'PricePackage']) {
    const id = globalId(type, value);
    const reply = await context.send(
      graphqlRequest(context.target, 'query ($v: ID!) { node(id: $v) { id } }', { v: id }, 'partner'),
    );
    const isUnknown = reply.text === '{"data":{"node":null}}' || reply.text.includes('"BAD_USER_INPUT"');
    context.check(`node of ${type} ${name}: unknown`, isUnknown, reply.text);
  }
  const paths = context.target.fixture.sandbox
    .calls()
    .slice(-10)
    .map(({ path }) => path);
  const ended = /^\/(accesstoken\/get|management\/v1\/(product-orders|price-packages)(\?.*)?)$/;
  context.check(
    `lists ${name}: nothing in a path`,
    value === '' || !paths.some((path) => !ended.test(path) && path.includes(value)),
    paths,
  );
}

async function tryPlaces(
  context: TestContext,
  values: readonly (readonly [name: string, value: string])[],
): Promise<void> {
  for (const [name, value] of values) {
    for (const { what, query, variables } of pathPlaces)
      await context.refused(
        `${what} ${name}`,
        graphqlRequest(context.target, query, variables(value), 'partner'),
        badInput,
      );
    await mustMend(context, `delete ${name}`, remove, { v: value });
    await tryLists(context, name, value);
  }
}

/** A change whose input must be mended: told as data, without a call. */
async function mustMend(context: TestContext, what: string, query: string, variables: object): Promise<void> {
  const { calls } = context.target.fixture.upstream;
  const { status, text } = await context.send(graphqlRequest(context.target, query, variables, 'partner'));
  const { data, errors = [] }: GraphqlBody = readJson(text) ?? {};
  const [payload] = Object.values(data ?? {}) as ({ userErrors?: unknown[] } | null)[];
  const isTold =
    (payload?.userErrors?.length ?? 0) > 0 ||
    errors.some((error) => error.extensions?.['code'] === 'BAD_USER_INPUT');
  context.check(`${what}: refused`, status < 500 && isTold, text);
  context.check(`${what}: no upstream call`, context.target.fixture.upstream.calls === calls);
}

export const inputRows: readonly Row[] = [
  { id: 'A11', what: 'guessing names by mistakes', run: guessing },
  {
    id: 'A20',
    what: 'nesting',
    run: async ({ target, refused }) => {
      const deep = 100_000;
      const { headers = {} } = graphqlRequest(target, '');
      const body = (type: string, value: string) =>
        `{"query":"query ($v: ${type}) { __typename }","variables":{"v":${value}}}`;
      const codes = ['BAD_USER_INPUT', 'BAD_REQUEST', 'OPERATION_TOO_COMPLEX'];
      const arrays = '['.repeat(deep) + ']'.repeat(deep);
      await refused('arrays', { headers, body: body('String', arrays) }, { codes });
      await refused('arrays as a list', { headers, body: body('[String]', arrays) }, { codes });
      const objects = `${'{"a":'.repeat(deep)}1${'}'.repeat(deep)}`;
      await refused('objects', { headers, body: body('TextFilter', objects) }, { codes });
      await refused(
        'variables themselves',
        { headers, body: `{"query":"{ __typename }","variables":${arrays}}` },
        { codes },
      );
      const literal = '['.repeat(3_000) + ']'.repeat(3_000);
      await refused('literal', graphqlRequest(target, `{ nodes(ids: ${literal}) { id } }`), { codes });
      const selection = '{ a '.repeat(4_000) + '}'.repeat(4_000);
      await refused('selection', graphqlRequest(target, selection), { codes });
    },
  },
  {
    id: 'A21',
    what: 'odd characters',
    run: async (context) => {
      await tryPlaces(context, [
        ['NUL', '1234\u0000'],
        ['RTL', '1234\u202e56'],
        ['zero width', '12\u200b3456'],
        ['lone surrogate', '1234\ud800'],
        ['full-width digits', '１２３４５６'],
        ['Arabic digits', '١٢٣٤٥٦'],
      ]);
      const { headers = {} } = graphqlRequest(context.target, '');
      const around = (bytes: string) =>
        Buffer.concat([
          Buffer.from('{"query":"{ salesUnit(msn: \\"1234'),
          Buffer.from(bytes, 'hex'),
          Buffer.from('\\") { name } }"}'),
        ]);
      await context.refused(
        'overlong UTF-8',
        { headers, body: around('c0ae') },
        { codes: ['BAD_USER_INPUT', 'BAD_REQUEST'], statuses: [200, 400] },
      );
      await context.refused(
        'raw NUL',
        { headers, body: around('00') },
        { codes: ['BAD_USER_INPUT', 'BAD_REQUEST'], statuses: [200, 400] },
      );
    },
  },
  {
    id: 'A22',
    what: 'parts of paths',
    run: (context) =>
      tryPlaces(
        context,
        [
          '..',
          '.',
          '../..',
          '%2e%2e',
          '..%2f',
          '%2f',
          'a/b',
          'a?x=1',
          'a#f',
          'a;b',
          '\\',
          'x'.repeat(10_240),
          '',
          ' ',
        ].map((value) => [JSON.stringify(value.slice(0, 20)), value]),
      ),
  },
  { id: 'A23', what: 'headers through arguments', run: headerInjection },
  { id: 'A24', what: 'other hosts', run: otherHosts },
  { id: 'A25', what: 'headers that are not for the upstream', run: extraHeaders },
  { id: 'A40', what: 'pages without measure', run: pages },
  {
    id: 'A41',
    what: 'one query for thousands of calls',
    run: async ({ target, refused }) => {
      const tooDear: Refusal = { codes: ['OPERATION_TOO_EXPENSIVE', 'OPERATION_TOO_COMPLEX'] };
      const fan =
        '{ salesUnits(first: 1000) { nodes { merchant { salesUnits(first: 100) { nodes { configuration { captureType } } } } } } }';
      await refused('units of merchants', graphqlRequest(target, fan, undefined, 'partner'), tooDear);
      const ids = Array.from({ length: 6_000 }, (_, i) => globalId('SalesUnit', String(1_000_000 + i)));
      await refused(
        '6000 ids',
        graphqlRequest(target, 'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', { ids }, 'partner'),
        { ...tooDear, codes: ['OPERATION_TOO_EXPENSIVE', 'BAD_USER_INPUT'] },
      );
    },
  },
  { id: 'A46', what: 'long texts for every pattern', run: longTexts },
  { id: 'A47', what: 'names of the prototype', run: prototypes },
  {
    id: 'A55',
    what: 'idempotency keys that are none',
    run: async (context) => {
      for (const idempotencyKey of [
        'x'.repeat(51),
        'x'.repeat(256),
        '',
        'a\r\nX-Evil: 1',
        'a b',
        'æ',
        '\u0000',
      ])
        await mustMend(context, JSON.stringify(idempotencyKey.slice(0, 20)), prefill, {
          input: { ...order, idempotencyKey },
        });
    },
  },
];

async function guessing({ target, refused }: TestContext): Promise<void> {
  const refusal: Refusal = { codes: ['BAD_REQUEST', 'BAD_USER_INPUT'], mostErrors: 3 };
  const guesses: readonly [
    what: string,
    query: string,
    variables: object | undefined,
    hidden: readonly string[],
  ][] = [
    ['field', '{ salesUnitt }', undefined, ['"salesUnit"', 'salesUnits']],
    ['argument', '{ salesUnit(msm: "1") { name } }', undefined, ['"msn"']],
    ['type condition', '{ node(id: "x") { ... on SalesUnt { id } } }', undefined, ['"SalesUnit"']],
    ['enum literal', '{ salesUnits(orderBy: { field: NAMEE }) { totalCount } }', undefined, ['"NAME"']],
    [
      'enum in a variable',
      'query ($o: SalesUnitOrder) { salesUnits(orderBy: $o) { totalCount } }',
      { o: { field: 'NAMEE' } },
      ['"NAME"', 'NAMEE'],
    ],
    ['input field', '{ salesUnits(filter: { nam: { equals: "x" } }) { totalCount } }', undefined, ['"name"']],
    [
      'input field in a variable',
      'query ($f: SalesUnitFilter) { salesUnits(filter: $f) { totalCount } }',
      { f: { nam: {} } },
      ['"name"'],
    ],
    ['directive', '{ __typename @skp(if: true) }', undefined, ['@skip']],
    ['variable', 'query ($msn: String!) { salesUnit(msn: $mns) { name } }', { msn: '123456' }, ['123456']],
    ['fragment', '{ ...Unitt } fragment Unit on Query { __typename }', undefined, []],
  ];
  for (const [what, query, variables, silentAbout] of guesses)
    await refused(what, graphqlRequest(target, query, variables), { ...refusal, silentAbout });
}

async function headerInjection(context: TestContext): Promise<void> {
  const { target, check } = context;
  await tryPlaces(context, [
    ['with a header', '123\r\nX-Evil: 1'],
    ['with a line', '123456\n'],
    ['Latin-1', 'æ'],
  ]);
  await mustMend(context, 'idempotency key with a header', prefill, {
    input: { ...order, idempotencyKey: 'a\r\nX-Evil: 1' },
  });
  const base = graphqlRequest(target, '{ salesUnits(first: 1) { totalCount } }', undefined, 'otherMerchant');
  const reply = await context.send({
    ...base,
    headers: {
      ...base.headers,
      'vipps-system-name': 'x-evil',
      'idempotency-key': 'x-evil',
      'x-request-id': 'x-evil\u00e6',
    },
  });
  check('headers of a client are no reason to fail', reply.status === 200, reply.text);
  check('none of it went upstream', target.fixture.upstream.withHeader('x-evil') === 0);
}

async function otherHosts(context: TestContext): Promise<void> {
  const { target, check } = context;
  const { sandbox } = target.fixture;
  let visits = 0;
  const trap = createServer((_request, response) => {
    visits++;
    response.end('{}');
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => trap.once('listening', resolve));
  const url = `http://127.0.0.1:${(trap.address() as AddressInfo).port}/`;
  try {
    for (const value of [
      url,
      `//${url.slice(7)}`,
      'http://169.254.169.254/latest/meta-data',
      'file:///etc/passwd',
    ])
      for (const { what, query, variables } of pathPlaces)
        await context.refused(
          `${what} ${value.slice(0, 12)}`,
          graphqlRequest(target, query, variables(value), 'partner'),
          badInput,
        );
    const texts =
      'query ($v: String!) { salesUnits(first: 1, filter: { name: { contains: $v }, msn: { startsWith: $v } }) { totalCount } }';
    await context.send(graphqlRequest(target, texts, { v: url }, 'partner'));
    const website = { url, termsUrl: url, testWebsiteUrl: url };
    await context.send(
      graphqlRequest(target, prefill, { input: { ...order, intendedPurpose: url, website } }, 'partner'),
    );
    for (const status of [301, 302, 307, 308]) {
      const id = sandbox.fault({
        route: 'GET /management/v1/sales-units',
        status,
        headers: { location: url },
      });
      const reply = await context.send(
        graphqlRequest(target, '{ salesUnits(first: 1) { nodes { msn } } }', undefined, 'otherMerchant'),
      );
      check(`redirect ${status}: answered from the cache or as a failure`, reply.status === 200, reply.text);
      const fresh = await context.send(
        graphqlRequest(target, `{ salesUnit(msn: "${status}0000") { name } }`, undefined, 'otherMerchant'),
      );
      check(`redirect ${status}: is valid`, readJson(fresh.text) !== undefined, fresh.text);
      sandbox.clearFaults();
      check(`redirect ${status}: fault was on`, id !== '');
    }
    const details = sandbox.fault({
      route: 'GET /management/v1/sales-units/{msn}',
      status: 302,
      headers: { location: url },
    });
    const redirected = await context.send(
      graphqlRequest(target, '{ salesUnit(msn: "9876543") { name } }', undefined, 'partner'),
    );
    check(
      'a redirect is a failure of the upstream',
      details !== '' && /"UPSTREAM_\w+"/.test(redirected.text),
      redirected.text,
    );
    sandbox.clearFaults();
    check('nobody but the upstream was contacted', visits === 0, visits);
  } finally {
    trap.close();
    sandbox.clearFaults();
  }
}

async function extraHeaders(context: TestContext): Promise<void> {
  const { target, check } = context;
  const { sandbox, upstream } = target.fixture;
  const [msn = ''] = sandbox.data.msns.slice(-1);
  const calls = upstream.calls;
  const reply = await context.send({
    ...graphqlRequest(
      target,
      `{ salesUnit(msn: "${msn}") { name configuration { captureType } } }`,
      undefined,
      'partner',
    ),
    headers: {
      ...jsonHeaders(target, 'partner'),
      'x-forwarded-for': 'evil-forwarded',
      'x-forwarded-host': 'evil-forwarded',
      forwarded: 'for=evil-forwarded',
      'ocp-apim-subscription-key': 'evil-subscription',
      client_secret: 'evil-client',
      client_id: 'evil-client',
      'merchant-serial-number': '999999',
      cookie: 'evil-cookie',
      'x-original-url': '/evil-url',
    },
  });
  check('is answered as ever', reply.status === 200 && /"name":"/.test(reply.text), reply.text);
  check('a call was made', upstream.calls > calls);
  check('none went upstream', upstream.withHeader('evil-') === 0, upstream.withHeader('evil-'));
  check('nor the key of the gateway', upstream.withHeader('mg_') === 0, upstream.withHeader('mg_'));
}

async function pages({ target, refused, send, check }: TestContext): Promise<void> {
  const either: Refusal = {
    codes: ['BAD_USER_INPUT', 'OPERATION_TOO_EXPENSIVE', 'BAD_REQUEST'],
    statuses: [200, 400],
  };
  const list = (args: string, inner = 'name') => `{ salesUnits${args} { nodes { ${inner} } } }`;
  const details = 'configuration { captureType }';
  for (const args of [
    '(first: 1000000000)',
    '(first: -1)',
    '(first: 1, last: 1)',
    '(last: 1000000000)',
    '(first: 99999999999)',
  ])
    await refused(args, graphqlRequest(target, list(args), undefined, 'partner'), either);
  const none = await send(graphqlRequest(target, list('(first: 0)'), undefined, 'partner'));
  check('first: 0 is an empty page or refused', /"nodes":\[\]|BAD_USER_INPUT/.test(none.text), none.text);
  const nested = list(
    '(first: 100)',
    `merchant { salesUnits(first: 100) { nodes { merchant { salesUnits(first: 100) { nodes { ${details} } } } } } }`,
  );
  const tooDear: Refusal = { codes: ['OPERATION_TOO_EXPENSIVE', 'OPERATION_TOO_COMPLEX'] };
  await refused('100 × 100 × 100', graphqlRequest(target, nested, undefined, 'partner'), tooDear);
  const inner = `merchant { salesUnits(first: $n) { nodes { ${details} } } }`;
  await refused(
    'in variables',
    graphqlRequest(target, `query ($n: Int) ${list('(first: $n)', inner)}`, { n: 1000 }, 'partner'),
    tooDear,
  );
  await refused(
    'in a default',
    graphqlRequest(target, `query ($n: Int = 1000) ${list('(first: $n)', inner)}`, undefined, 'partner'),
    tooDear,
  );
  await refused(
    'in a fragment',
    graphqlRequest(
      target,
      `query ($n: Int = 1000) { ...F } fragment F on Query { salesUnits(first: $n) { nodes { ${inner} } } }`,
      undefined,
      'partner',
    ),
    tooDear,
  );
}

async function longTexts({ target, send, check }: TestContext): Promise<void> {
  const cost = async (query: string, variables: object) => {
    let least = Number.POSITIVE_INFINITY;
    for (let tries = 0; tries < 3; tries++) {
      const before = readCpuMs(target.pid);
      const reply = await send(graphqlRequest(target, query, variables, 'partner'));
      check('is no failure', reply.status < 500, reply.text);
      least = Math.min(least, readCpuMs(target.pid) - before);
    }
    return least;
  };
  const places: readonly Place[] = [
    ...pathPlaces,
    { what: 'delete', query: remove, variables: (v) => ({ v }) },
    ...[
      'salesUnitName',
      'idempotencyKey',
      'pricePackageId',
      'merchantCategoryCode',
      'intendedPurpose',
      'salesUnitLogo',
    ].map(
      (name): Place => ({
        what: name,
        query: prefill,
        variables: (v) => ({ input: { ...order, dryRun: true, [name]: v } }),
      }),
    ),
    {
      what: 'account',
      query: prefill,
      variables: (id) => ({
        input: { ...order, dryRun: true, settlementBankAccount: { scheme: 'BBAN:NO', id } },
      }),
    },
    {
      what: 'website',
      query: prefill,
      variables: (url) => ({
        input: { ...order, dryRun: true, website: { url, termsUrl: url, testWebsiteUrl: url } },
      }),
    },
    {
      what: 'cursor',
      query: 'query ($v: String) { salesUnits(after: $v) { totalCount } }',
      variables: (v) => ({ v }),
    },
  ];
  for (const { what, query, variables } of places)
    for (const character of ['a', '1', '-', ' ', ':']) {
      const long = await cost(query, variables(`${character.repeat(100_000)}!`));
      check(`${what} of ${JSON.stringify(character)}: at most 50 ms`, long <= 50, `${long.toFixed(0)} ms`);
    }
}

async function prototypes({ target, send, check }: TestContext): Promise<void> {
  const { headers = {} } = graphqlRequest(target, '', undefined, 'partner');
  const bodies = [
    '{"query":"{ __typename }","variables":{"__proto__":{"polluted":1}}}',
    '{"query":"{ __typename }","__proto__":{"polluted":1}}',
    '{"query":"query ($f: SalesUnitFilter) { salesUnits(filter: $f) { totalCount } }","variables":{"f":{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}}}',
    '{"query":"query ($__proto__: String, $constructor: String) { __typename }","variables":{"__proto__":"x","constructor":"y"}}',
    '{"query":"{ __proto__: __typename constructor: __typename hasOwnProperty: __typename }"}',
    '{"query":"{ ...__proto__ } fragment __proto__ on Query { __typename }"}',
    '{"query":"{ ...constructor } fragment constructor on Query { __typename }"}',
    '{"query":"{ salesUnits(orderBy: { field: __proto__ }) { totalCount } }"}',
    '{"query":"{ salesUnits(orderBy: { field: constructor }) { totalCount } }"}',
    '{"query":"query __proto__ { __typename }","operationName":"__proto__"}',
    '{"query":"{ __typename }","extensions":{"__proto__":{"polluted":1}}}',
    `{"query":"{ node(id: \\"${globalId('__proto__', 'x')}\\") { id } }"}`,
    `{"query":"{ node(id: \\"${globalId('constructor', 'prototype')}\\") { id } }"}`,
  ];
  for (const body of bodies) {
    const reply = await send({ headers: { ...headers, __proto__x: 'x' }, body });
    check(
      `${body.slice(0, 60)}: no failure`,
      reply.status < 500 && !/"INTERNAL"/.test(reply.text),
      reply.text,
    );
    check(`${body.slice(0, 60)}: nothing polluted`, !/polluted/.test(reply.text), reply.text);
  }
  const sandbox = target.fixture.sandbox;
  const [msn = ''] = sandbox.data.msns.slice(-2);
  sandbox.fault({
    route: 'GET /management/v1/sales-units/{msn}',
    body: `{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"msn":"${msn}","name":"x"}`,
  });
  const upstream = await send(
    graphqlRequest(target, `{ salesUnit(msn: "${msn}") { name } }`, undefined, 'partner'),
  );
  sandbox.clearFaults();
  check(
    'upstream JSON: no INTERNAL',
    upstream.status === 200 && !/"INTERNAL"/.test(upstream.text),
    upstream.text,
  );
  const after = await send(graphqlRequest(target, '{ __typename }'));
  check('still works', after.text === '{"data":{"__typename":"Query"}}', after.text);
}
