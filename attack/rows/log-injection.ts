import { graphqlRequest, type Row, readJson } from '../test-context.ts';

export const logInjectionRows: readonly Row[] = [
  {
    id: 'A36',
    what: 'log injection',
    run: async ({ target, send, check }) => {
      const evil = '\n{"level":"fatal","msg":"cAnArY"}\u001b[2J';
      const name = 'cAnArY_operation';
      await send(
        graphqlRequest(target, `query ${name} { __typename }`, undefined, 'browser', { operationName: name }),
      );
      await send(graphqlRequest(target, '{ __typename }', undefined, 'browser', { operationName: evil }));
      await send(graphqlRequest(target, 'query ($m: String!) { salesUnit(msn: $m) { name } }', { m: evil }));
      const base = graphqlRequest(target, '{ __typename }');
      await send({
        ...base,
        headers: {
          ...base.headers,
          'user-agent': 'x\u001b[2J{"level":"fatal"}',
          'x-request-id': '{"level":"fatal"}',
        },
      }).catch(() => undefined);
      const lines = target.process.stdout.split('\n').slice(0, -1);
      check(
        'every line is JSON',
        lines.every((line) => readJson(line) !== undefined),
        lines.find((line) => !readJson(line)),
      );
      check('no line is of the client', !lines.some((line) => /^\{"level":"fatal"/.test(line)));
      check('no control character', !target.process.stdout.includes('\u001b'));
    },
  },
];
