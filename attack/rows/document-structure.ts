import { anyObject } from '../inputs/any-object.ts';
import { times } from '../inputs/attack-requests.ts';
import { complex, refusedSomehow } from '../inputs/refusals.ts';
import { graphqlRequest, type Row } from '../test-context.ts';

const nest = (levels: number, open: string, inner: string) =>
  open.repeat(levels) + inner + '}'.repeat((open.match(/{/g)?.length ?? 0) * levels);

export const documentStructureRows: readonly Row[] = [
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
        'through any object',
        graphqlRequest(
          target,
          `{ ${anyObject(target.endpoint).field('[]', `... on SalesUnit { ${merchants(17)} }`)} }`,
        ),
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
    what: 'circular and unused fragments',
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
];
