import { getIntrospectionQuery, Kind, parse, visit } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { audiences } from '../../../src/config/scopes.ts';
import { type DocumentMetric, documentMetrics } from '../../../src/operation/document-metrics.ts';
import { graphiqlTabs } from '../../../src/server/graphiql/tabs.ts';
import { highestLimits, operationLimits } from '../../../src/server/limits/operation-limits.ts';
import { startTestGateway, type TestGateway } from '../../support/gateway.ts';

const times = (count: number, make: (index: number) => string, between = ' ') =>
  Array.from({ length: count }, (_, index) => make(index)).join(between);
const nested = (levels: number) =>
  `{ salesUnits { nodes { ${'merchant { salesUnits { nodes { '.repeat(levels)} msn ${' } } }'.repeat(levels)} } } }`;
const chain = (count: number, spread: (index: number) => string, last: string) =>
  times(
    count,
    (index) => `fragment F${index} on Merchant { ${index === count - 1 ? last : spread(index + 1)} }`,
  );

/** Each in one way too large for a backend, and by their kind: what a hostile client sends. */
const hostile: [what: string, excess: DocumentMetric, text: string][] = [
  ['101 aliases of __typename', 'aliases', `{ ${times(101, (index) => `a${index}: __typename`)} }`],
  [
    '101 aliases of a lookup',
    'aliases',
    `{ ${times(101, (index) => `a${index}: salesUnit(msn: "123456") { name }`)} }`,
  ],
  [
    '16 aliases spread over fragments',
    'aliases',
    `{ salesUnit(msn: "123456") { ...F0 } } ${times(4, (part) => `fragment F${part} on SalesUnit { ${times(4, (index) => `a${part}${index}: name`)} ${part < 3 ? `...F${part + 1}` : ''} }`)}`,
  ],
  ['500 times __typename', 'duplicate fields', `{ ${'__typename '.repeat(500)} }`],
  ['one field 2,000 times', 'duplicate fields', `{ salesUnit(msn: "123456") { ${'name '.repeat(2_000)} } }`],
  [
    'repetitions in parents that are put together',
    'duplicate fields',
    `{ ${'viewer { tenant tenant tenant tenant } '.repeat(5)} }`,
  ],
  [
    'repetitions in a fragment that nobody names',
    'duplicate fields',
    `{ __typename } fragment F on Viewer { ${'tenant '.repeat(900)} }`,
  ],
  ['10 unknown directives', 'directives at one location', `{ __typename ${'@aa '.repeat(10)} }`],
  [
    '50 times @include',
    'directives at one location',
    `{ viewer ${'@include(if: true) '.repeat(50)} { tenant } }`,
  ],
  [
    'directives everywhere',
    'directives',
    `{ ${times(15, (index) => `a${index}: viewer ${'@skip(if: false) @include(if: true) '.repeat(2)} { tenant ${'@skip(if: false) @include(if: true) '.repeat(2)} }`)} }`,
  ],
  ['50 levels of fields', 'depth', nested(16)],
  [
    '30 fragments that name each other',
    'depth',
    `{ merchant(businessIdentifier: { scheme: "a", value: "b" }) { ...F0 } } ${chain(30, (next) => `...F${next}`, 'name')}`,
  ],
  [
    '50 inline fragments within each other',
    'depth',
    `${'{ ... '.repeat(50)}{ __typename }${' }'.repeat(50)}`,
  ],
  [
    '50 levels behind node',
    'depth',
    `{ node(id: "x") ${'{ ... on Merchant { salesUnits { nodes { merchant '.repeat(16)} { name } ${'} } } }'.repeat(16)} }`,
  ],
  ['900 levels', 'depth', `${'{ a '.repeat(900)}${'}'.repeat(900)}`],
  ['a fragment that names itself', 'depth', '{ ...A } fragment A on Query { ...A }'],
  [
    'fragments that name each other in a circle',
    'depth',
    '{ salesUnits { nodes { ...A } } } fragment A on SalesUnit { merchant { ...B } } fragment B on Merchant { salesUnits { nodes { ...A } } }',
  ],
  [
    'circular introspection',
    'depth',
    `{ __schema { types ${'{ fields { type '.repeat(12)} { name } ${'} }'.repeat(12)} } }`,
  ],
  [
    '1,000 unused fragments',
    'tokens',
    `{ __typename } ${times(1_000, (index) => `fragment F${index} on Query { __typename }`)}`,
  ],
  [
    '60 unused fragments',
    'fragments',
    `{ __typename } ${times(60, (index) => `fragment F${index} on Query { __typename }`)}`,
  ],
  ['5,000 equal fields', 'tokens', `{ viewer { ${'tenant '.repeat(5_000)} } }`],
  [
    'pairs of inline fragments, 200 times 100 fields',
    'characters',
    `{ viewer { ${times(200, () => `... on Viewer { ${times(100, (index) => `aField${index}: tenant`)} }`)} } }`,
  ],
  [
    'fields that double with each fragment',
    'fields',
    `{ viewer { ...F0 } } ${times(10, (index) => `fragment F${index} on Viewer { left { ...F${index + 1} } right { ...F${index + 1} } }`)} fragment F10 on Viewer { tenant }`,
  ],
  ['101 root fields', 'root fields', `{ ${times(101, (index) => `field${index}`)} }`],
  [
    '100 mutations',
    'mutations',
    `mutation { ${times(12, (index) => `a${index}: deleteProductOrder(input: { productOrderId: "x" }) { userErrors { code } }`)} }`,
  ],
  ['a list within lists', 'value depth', `{ nodes(ids: ${'['.repeat(1_000)}${']'.repeat(1_000)}) { id } }`],
  [
    'objects within objects',
    'value depth',
    `query ($f: SalesUnitFilter = ${'{ a: '.repeat(300)}1${' }'.repeat(300)}) { salesUnits(filter: $f) { totalCount } }`,
  ],
  ['a long alias', 'name length', `{ ${'a'.repeat(129)}: viewer { tenant } }`],
  ['a long field', 'name length', `{ ${'a'.repeat(20_000)} }`],
  ['a long argument', 'name length', `{ nodes(${'a'.repeat(129)}: "x") { id } }`],
  ['a long variable', 'name length', `query ($${'a'.repeat(129)}: ID!) { __typename }`],
  ['a long operation', 'name length', `query ${'a'.repeat(129)} { __typename }`],
  [
    'a long key of an input',
    'name length',
    `{ salesUnits(filter: { ${'a'.repeat(129)}: 1 }) { totalCount } }`,
  ],
  ['a text of a megabyte', 'characters', `{ salesUnit(msn: "${'x'.repeat(900_000)}") { name } }`],
];

describe('an operation that is too large', () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await startTestGateway();
  });
  afterAll(() => gateway[Symbol.asyncDispose]());

  it.each(hostile)('is refused by its kind: %s', async (_what, excess, text) => {
    const { data, errors } = await gateway.query(text);
    expect(data).toBeUndefined();
    expect(errors).toMatchObject([
      {
        message: `The document exceeds the limit on ${excess}. Request less at once.`,
        extensions: { code: 'OPERATION_TOO_COMPLEX' },
      },
    ]);
    expect(gateway.sandbox.stats()).toMatchObject({ calls: {}, tokenCalls: 0 });
  });

  it('is reported without the numbers of the limits', async () => {
    for (const [, , text] of hostile) {
      const { errors } = await gateway.query(text);
      expect(errors?.[0]?.message).not.toMatch(/\d/);
    }
  });

  it.each(hostile)('costs little time of the processor: %s', async (_what, _excess, text) => {
    // The first time of anything is that of the compiler, and a pause of the collector belongs to nobody.
    const each: number[] = [];
    for (let round = 0; round < 5; round++) {
      const started = process.cpuUsage();
      await gateway.query(`${text}${' '.repeat(round)}`);
      const { user, system } = process.cpuUsage(started);
      each.push((user + system) / 1_000);
    }
    expect(Math.min(...each)).toBeLessThan(50);
  });

  it('is not one with a name of 128 characters', async () => {
    expect(await gateway.query(`{ ${'a'.repeat(128)}: __typename }`)).toEqual({
      data: { ['a'.repeat(128)]: 'Query' },
    });
  });

  it('is refused with 400 to clients that know the media type, and is forgotten by the next request', async () => {
    const response = await gateway.gateway.fetch('http://127.0.0.1/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/graphql-response+json' },
      body: JSON.stringify({ query: `{ ${times(101, (index) => `a${index}: __typename`)} }` }),
    });
    expect(response.status).toBe(400);
    expect(await gateway.query('{ __typename }')).toEqual({ data: { __typename: 'Query' } });
  });
});

describe('each audience', () => {
  const aliases = (count: number) => `{ ${times(count, (index) => `_v${index}_viewer: viewer { tenant }`)} }`;

  it('has limits of its own: a router gives aliases where a backend may not', async () => {
    await using backend = await startTestGateway({ caller: { audience: 'backend' } });
    await using router = await startTestGateway({ caller: { audience: 'router' } });
    expect((await backend.query(aliases(15))).errors).toBeUndefined();
    expect((await backend.query(aliases(16))).errors).toHaveLength(1);
    expect((await router.query(aliases(90))).errors).toBeUndefined();
    expect((await router.query(nested(10))).errors?.[0]?.extensions.code).not.toBe('OPERATION_TOO_COMPLEX');
  });

  it('has its own limits although parsed documents are cached for all', async () => {
    let audience: 'browser' | 'router' = 'router';
    await using gateway = await startTestGateway();
    const caller = {
      id: 'x',
      tenantId: 'default',
      client: gateway.client,
      scopes: new Set(['read'] as const),
      limits: {},
    };
    await using shared = await startTestGateway({
      shared: gateway.sandbox,
      gateway: { authenticate: async () => ({ ...caller, audience }) },
    });
    const ids = JSON.stringify(Array.from({ length: 1_200 }, () => 'x'));
    const text = `{ nodes(ids: ${ids}) { id } }`;
    const codeAs = async (who: typeof audience) => {
      audience = who;
      return (await shared.query(text)).errors?.[0]?.extensions.code;
    };
    expect(await codeAs('browser')).toBe('OPERATION_TOO_COMPLEX');
    expect(await codeAs('router')).toBe('BAD_USER_INPUT');
    expect(await codeAs('browser')).toBe('OPERATION_TOO_COMPLEX');
  });

  it.each(audiences)('may send what tools and the tour send: %s', (audience) => {
    const limits = operationLimits[audience];
    for (const text of [getIntrospectionQuery(), ...graphiqlTabs.map(({ query }) => query)]) {
      const { sizes } = documentMetrics(parse(text), highestLimits);
      for (const excess of Object.keys(limits) as DocumentMetric[])
        expect(sizes[excess], excess).toBeLessThanOrEqual(limits[excess]);
    }
  });

  it('never has more than the bounds of the parser and the walk', () => {
    for (const audience of audiences)
      for (const [excess, limit] of Object.entries(operationLimits[audience]))
        expect(limit).toBeLessThanOrEqual(highestLimits[excess as DocumentMetric]);
  });
});

describe('the metrics of a document', () => {
  it('counts fragments where they are opened', () => {
    const text = '{ a: viewer { ...F } b: viewer { ...F } } fragment F on Viewer { x: tenant scopes }';
    expect(documentMetrics(parse(text), highestLimits).sizes).toMatchObject({
      aliases: 4,
      fields: 6,
      'root fields': 2,
      fragments: 1,
      depth: 3,
      'duplicate fields': 1,
    });
  });

  it('counts the operations beside the one to run', () => {
    const { sizes } = documentMetrics(
      parse(times(21, (index) => `query Q${index} { __typename }`)),
      highestLimits,
    );
    expect(sizes.operations).toBe(21);
  });

  it('finds introspection anywhere in the document', () => {
    for (const text of [
      '{ __schema { types { name } } }',
      'query A { __typename } query B { ...F } fragment F on Query { ... { x: __type(name: "X") { name } } }',
      '{\n__schema\n,,{,types{name}}}',
    ])
      expect(documentMetrics(parse(text), highestLimits).introspects).toBe(true);
    expect(documentMetrics(parse('{ __typename viewer { __typename } }'), highestLimits).introspects).toBe(
      false,
    );
  });

  it('takes time in proportion to the text, whatever fragments make of it', () => {
    const doubling = (count: number) =>
      parse(
        `{ viewer { ...F0 } } ${times(count, (index) => `fragment F${index} on Viewer { a { ...F${index + 1} } b { ...F${index + 1} } }`)} fragment F${count} on Viewer { tenant }`,
      );
    const selections = (count: number) => {
      let reads = 0;
      const document = visit(doubling(count), {
        enter: (node) => {
          if (node.kind !== Kind.SELECTION_SET) return undefined;
          const { selections: own } = node;
          return {
            ...node,
            get selections() {
              reads++;
              return own;
            },
          };
        },
      });
      reads = 0;
      documentMetrics(document, highestLimits);
      return reads;
    };
    // 2^40 without a bound.
    expect(selections(40)).toBeLessThan(20_000);
  });
});
