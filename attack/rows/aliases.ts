import { times } from '../inputs/attack-requests.ts';
import { complex } from '../inputs/refusals.ts';
import { graphqlRequest, type Row } from '../test-context.ts';

const IN_A_FRAGMENT = 3;

export const aliasRows: readonly Row[] = [
  {
    id: 'A01',
    what: 'too many aliases of __typename',
    run: async ({ target, refused }) => {
      await refused(
        'aliases',
        graphqlRequest(target, `{ ${times(target.endpoint.tooMany.aliases, (i) => `a${i}:__typename`)} }`),
        complex,
      );
    },
  },
  {
    id: 'A02',
    what: 'aliases that cost upstream calls',
    run: async ({ target, refused }) => {
      const unit = 'salesUnit(msn: "123456") { name }';
      const { aliases } = target.endpoint.tooMany;
      await refused(
        'in one selection',
        graphqlRequest(target, `{ ${times(aliases, (i) => `a${i}: ${unit}`)} }`),
        complex,
      );
      // A few in each, since a document may not have as many fragments as a router may have aliases.
      const count = Math.ceil(aliases / IN_A_FRAGMENT);
      const fragments = times(
        count,
        (i) => `fragment F${i} on Query { ${times(IN_A_FRAGMENT, (k) => `a${i}_${k}: ${unit}`)} }`,
      );
      await refused(
        'in fragments',
        graphqlRequest(target, `{ ${times(count, (i) => `...F${i}`)} } ${fragments}`),
        complex,
      );
    },
  },
  {
    id: 'A03',
    what: 'one field many times',
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
    id: 'A42',
    what: 'many mutations and root fields',
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
];
