import type { Row } from '../test-context.ts';

export const exposedPathRows: readonly Row[] = [
  {
    id: 'A37',
    what: 'pages',
    run: async (context) => {
      for (const path of [
        '/',
        '/graphql',
        '/subgraph',
        '/graphiql',
        '/graphiql/',
        '/graphiql/index.html',
        '/graphiql/docs/error-codes',
        '/playground',
        '/altair',
        '/console',
        '/admin',
        '/.env',
        '/graphql/x',
        '/subgraph/x',
      ]) {
        const reply = await context.send({ method: 'GET', path, headers: { accept: 'text/html' } });
        context.check(
          `${path} is 404 or 405, or asks who`,
          [401, 404, 405].includes(reply.status),
          reply.status,
        );
        context.check(`${path} shows no page`, !/<html|graphiql|yoga/i.test(reply.text), reply.text);
        const tells = ['server', 'x-powered-by'].filter((name) => reply.headers[name] !== undefined);
        context.check(`${path} names no software`, tells.length === 0, tells);
      }
    },
  },
  {
    id: 'A50',
    what: 'probes and debug endpoints on the public port',
    run: async (context) => {
      for (const path of [
        '/metrics',
        '/health',
        '/ready',
        '/readyz',
        '/livez',
        '/debug',
        '/json/version',
        '/debug/pprof',
      ]) {
        const reply = await context.send({ method: 'GET', path });
        context.check(`${path} is not there`, reply.status === 404, reply.status);
      }
    },
  },
];
