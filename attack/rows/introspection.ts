import { graphqlRequest, type Refusal, type Row } from '../test-context.ts';

const nest = (levels: number, open: string, inner: string) =>
  open.repeat(levels) + inner + '}'.repeat((open.match(/{/g)?.length ?? 0) * levels);
const INTROSPECTION: Refusal = { codes: ['INTROSPECTION_DISABLED'], mostErrors: 3 };
const circular = `{ __schema { types { ${nest(4, 'fields { type { ', 'name')} } } }`;

export const introspectionRows: readonly Row[] = [
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
    what: 'circular introspection',
    run: async ({ target, refused }) => {
      await refused('4 levels', graphqlRequest(target, circular), {
        ...INTROSPECTION,
        codes: ['INTROSPECTION_DISABLED', 'OPERATION_TOO_COMPLEX', 'BAD_REQUEST'],
      });
    },
  },
];
