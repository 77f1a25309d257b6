import { anyObject } from '../inputs/any-object.ts';
import { graphqlRequest, type Row } from '../test-context.ts';

export const nestingRows: readonly Row[] = [
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
      await refused('literal', graphqlRequest(target, `{ ${anyObject(target.endpoint).field(literal)} }`), {
        codes,
      });
      const selection = '{ a '.repeat(4_000) + '}'.repeat(4_000);
      await refused('selection', graphqlRequest(target, selection), { codes });
    },
  },
];
