import { graphqlRequest, type Refusal, type Row } from '../test-context.ts';

// A01-A10, A42, A56: documents whose shape alone is the attack.

const complex: Refusal = { codes: ['OPERATION_TOO_COMPLEX'], mostErrors: 3 };
/** graphql-js may find something wrong with the document before its size is looked at, or the other way round. */
const refusedSomehow: Refusal = { codes: ['OPERATION_TOO_COMPLEX', 'BAD_REQUEST'], mostErrors: 3 };
const times = (count: number, part: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => part(index)).join(' ');
const nest = (levels: number, open: string, inner: string) =>
  open.repeat(levels) + inner + '}'.repeat((open.match(/{/g)?.length ?? 0) * levels);

const INTROSPECTION: Refusal = { codes: ['INTROSPECTION_DISABLED'], mostErrors: 3 };
const circular = `{ __schema { types { ${nest(4, 'fields { type { ', 'name')} } } }`;

export const shapeRows: readonly Row[] = [
  {
    id: 'A01',
    what: '101 aliases of __typename',
    run: async ({ target, refused }) => {
      await refused(
        'aliases',
        graphqlRequest(target, `{ ${times(101, (i) => `a${i}:__typename`)} }`),
        complex,
      );
    },
  },
  {
    id: 'A02',
    what: 'aliases that cost upstream calls',
    run: async ({ target, refused }) => {
      const unit = 'salesUnit(msn: "123456") { name }';
      await refused('101', graphqlRequest(target, `{ ${times(101, (i) => `a${i}: ${unit}`)} }`), complex);
      const fragments = times(16, (i) => `fragment F${i} on Query { a${i}: ${unit} }`);
      await refused(
        '16 in fragments',
        graphqlRequest(target, `{ ${times(16, (i) => `...F${i}`)} } ${fragments}`),
        complex,
      );
    },
  },
  {
    id: 'A03',
    what: 'one field over and over',
    run: async ({ target, refused }) => {
      await refused('500 roots', graphqlRequest(target, `{ ${times(500, () => '__typename')} }`), complex);
      const names = times(2_000, () => 'name');
      await refused(
        '2000 names',
        graphqlRequest(target, `{ salesUnit(msn: "123456") { ${names} } }`),
        complex,
      );
    },
  },
  {
    id: 'A04',
    what: 'directives',
    run: async ({ target, refused }) => {
      const unknown = (count: number) => `{ __typename ${times(count, () => '@aa')} }`;
      await refused('10 unknown', graphqlRequest(target, unknown(10)), refusedSomehow);
      await refused('1000 unknown', graphqlRequest(target, unknown(1_000)), refusedSomehow);
      const include = `{ __typename ${times(50, () => '@include(if: true)')} }`;
      await refused('50 of one', graphqlRequest(target, include), refusedSomehow);
    },
  },
  {
    id: 'A05',
    what: 'batches',
    run: async (context) => {
      const { headers = {} } = graphqlRequest(context.target, '');
      const batch = { codes: ['BATCHING_NOT_ALLOWED'] };
      const ten = JSON.stringify(Array.from({ length: 10 }, () => ({ query: '{ __typename }' })));
      await context.refused('of 10', { headers, body: ten }, batch);
      await context.refused(
        'empty',
        { headers, body: '[]' },
        { codes: ['BATCHING_NOT_ALLOWED', 'BAD_REQUEST'] },
      );
      const many = `[${'{},'.repeat(99_999)}{}]`;
      await context.refused(
        'of 100000',
        { headers, body: many },
        {
          codes: ['BATCHING_NOT_ALLOWED', 'BAD_REQUEST'],
          statuses: [400, 413],
        },
      );
    },
  },
  {
    id: 'A06',
    what: 'depth',
    run: async ({ target, refused }) => {
      const merchants = (levels: number) => nest(levels, 'merchant { salesUnits(first: 1) { nodes { ', 'msn');
      await refused(
        '50 levels',
        graphqlRequest(target, `{ salesUnit(msn: "123456") { ${merchants(17)} } }`),
        complex,
      );
      const chain = times(
        30,
        (i) =>
          `fragment F${i} on Merchant { salesUnits { nodes { merchant { ${i < 29 ? `...F${i + 1}` : 'name'} } } } }`,
      );
      await refused(
        '30 fragments',
        graphqlRequest(target, `{ salesUnit(msn: "123456") { merchant { ...F0 } } } ${chain}`),
        complex,
      );
      await refused(
        'through node',
        graphqlRequest(target, `{ node(id: "x") { ... on SalesUnit { ${merchants(17)} } } }`),
        complex,
      );
      const inline = nest(17, '... on SalesUnit { merchant { ... on Merchant { salesUnits { nodes { ', 'msn');
      await refused(
        'inline fragments',
        graphqlRequest(target, `{ salesUnit(msn: "123456") { ${inline} } }`),
        complex,
      );
    },
  },
  {
    id: 'A07',
    what: 'fragments in a circle, fragments for nothing',
    run: async ({ target, refused }) => {
      const circle =
        '{ salesUnits { nodes { ...A } } } fragment A on SalesUnit { merchant { ...B } } fragment B on Merchant { salesUnits { nodes { ...A } } }';
      await refused('circle', graphqlRequest(target, circle), refusedSomehow);
      await refused(
        'self',
        graphqlRequest(target, '{ ...A } fragment A on Query { __typename ...A }'),
        refusedSomehow,
      );
      const unused = times(1_000, (i) => `fragment F${i} on Query { __typename }`);
      await refused('1000 unused', graphqlRequest(target, `{ __typename } ${unused}`), refusedSomehow);
    },
  },
  {
    id: 'A08',
    what: 'fields that overlap',
    run: async ({ target, refused }) => {
      const early = { ...refusedSomehow, statuses: [400, 413] };
      const pairs = (pairCount: number, fields: number) =>
        `{ ${times(pairCount, () => `... on Query { ${times(fields, (i) => `f${i}: __typename`)} }`)} }`;
      await refused('364 KB of pairs', graphqlRequest(target, pairs(200, 100)), early);
      await refused('90 KB of pairs', graphqlRequest(target, pairs(100, 50)), early);
      const same = times(5_000, () => 'name');
      await refused('5000 the same', graphqlRequest(target, `{ salesUnits { nodes { ${same} } } }`), early);
    },
  },
  {
    id: 'A09',
    what: 'introspection without the scope for it',
    run: async ({ target, refused, send, check }) => {
      const types = '{ __schema { types { name } } }';
      await refused('schema', graphqlRequest(target, types), INTROSPECTION);
      await refused(
        'type',
        graphqlRequest(target, '{ __type(name: "SalesUnit") { fields { name } } }'),
        INTROSPECTION,
      );
      await refused(
        'in a fragment',
        graphqlRequest(target, '{ ...F } fragment F on Query { a: __schema { types { name } } }'),
        INTROSPECTION,
      );
      await refused('with commas', graphqlRequest(target, '{\n,,__schema\n,{,,types{name}}}'), INTROSPECTION);
      await refused(
        'second operation',
        graphqlRequest(target, `query A { __typename } query B ${types}`, undefined, 'browser', {
          operationName: 'B',
        }),
        INTROSPECTION,
      );
      const allowed = await send(graphqlRequest(target, types, undefined, 'introspecting'));
      check('is there for who has the scope', allowed.text.includes('"SalesUnit"'), allowed.text);
    },
  },
  {
    id: 'A10',
    what: 'introspection in a circle',
    run: async ({ target, refused }) => {
      await refused('4 levels', graphqlRequest(target, circular), {
        ...INTROSPECTION,
        codes: ['INTROSPECTION_DISABLED', 'OPERATION_TOO_COMPLEX', 'BAD_REQUEST'],
      });
    },
  },
  {
    id: 'A42',
    what: 'many changes, many root fields',
    run: async ({ target, refused }) => {
      const id = '"00000000-0000-4000-8000-000000000000"';
      const remove = times(
        100,
        (i) => `d${i}: deleteProductOrder(input: { productOrderId: ${id} }) { deletedProductOrderId }`,
      );
      await refused('100 mutations', graphqlRequest(target, `mutation { ${remove} }`), complex);
      const six = times(
        6,
        (i) => `d${i}: deleteProductOrder(input: { productOrderId: ${id} }) { deletedProductOrderId }`,
      );
      await refused('6 mutations', graphqlRequest(target, `mutation { ${six} }`), complex);
      await refused(
        '101 roots',
        graphqlRequest(target, `{ ${times(101, () => 'viewer { tenant }')} }`),
        complex,
      );
    },
  },
  {
    id: 'A56',
    what: 'an answer full of errors',
    run: async ({ target, send, check }) => {
      const reply = await send(
        graphqlRequest(
          target,
          'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }',
          { ids: Array.from({ length: 1_000 }, (_, i) => `x${i}`) },
          'partner',
        ),
      );
      const { errors = [] } = JSON.parse(reply.text);
      check('is answered', reply.status < 500, reply.status);
      check('at most 20 errors', errors.length <= 20, errors.length);
      check('at most 64 KB', reply.text.length <= 64 * 1024, reply.text.length);
    },
  },
];
