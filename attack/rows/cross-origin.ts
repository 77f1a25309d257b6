import { GOOD_ORIGIN } from '../fixture.ts';
import { typed } from '../inputs/attack-requests.ts';
import { unsupported } from '../inputs/refusals.ts';
import { graphqlRequest, type Row } from '../test-context.ts';

export const crossOriginRows: readonly Row[] = [
  {
    id: 'A38',
    what: 'other origins',
    run: async (context) => {
      const evil = [
        'https://evil.example',
        'null',
        `${GOOD_ORIGIN}.evil.example`,
        'http://good.example',
        'https://GOOD.example',
      ];
      for (const origin of evil)
        for (const method of ['POST', 'OPTIONS']) {
          const base = graphqlRequest(context.target, '{ __typename }');
          const preflight = {
            'access-control-request-method': 'POST',
            'access-control-request-headers': 'authorization',
          };
          const headers = { ...base.headers, origin, ...(method === 'OPTIONS' && preflight) };
          const reply = await context.send(method === 'OPTIONS' ? { method, headers } : { ...base, headers });
          context.check(
            `${method} of ${origin}: no origin allowed`,
            reply.headers['access-control-allow-origin'] === undefined,
            reply.headers['access-control-allow-origin'],
          );
        }
      const base = graphqlRequest(context.target, '{ __typename }');
      const good = await context.send({ ...base, headers: { ...base.headers, origin: GOOD_ORIGIN } });
      // No page talks to the endpoint of routers, whatever is listed.
      const { forRouters } = context.target.endpoint;
      context.check(
        forRouters ? 'nor a listed one' : 'a listed origin is allowed, exactly',
        good.headers['access-control-allow-origin'] === (forRouters ? undefined : GOOD_ORIGIN),
        good.headers['access-control-allow-origin'],
      );
      context.check(
        'Vary names Origin',
        forRouters || /origin/i.test(String(good.headers['vary'])),
        good.headers['vary'],
      );
      context.check('without credentials', good.headers['access-control-allow-credentials'] === undefined);
    },
  },
  {
    id: 'A39',
    what: 'requests that a page of another site can make',
    run: async (context) => {
      const cookie = 'session=cAnArY';
      const simple = ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=b'];
      for (const type of simple) {
        const { headers, body } = typed(context, type);
        await context.refused(
          type,
          { headers: { ...headers, cookie }, ...(body !== undefined && { body }) },
          unsupported,
        );
      }
      const own = graphqlRequest(context.target, '{ __typename }');
      const headers = {
        ...own.headers,
        cookie,
        'sec-fetch-site': 'cross-site',
        origin: 'https://evil.example',
      };
      await context.refused(
        'cross-site',
        { ...own, headers },
        { codes: ['BAD_REQUEST', 'FORBIDDEN'], statuses: [403] },
      );
      const { 'content-type': type = '' } = own.headers ?? {};
      await context.refused(
        'a cookie alone',
        { headers: { 'content-type': type, cookie }, body: own.body ?? '' },
        { codes: ['UNAUTHENTICATED'], statuses: [401] },
      );
    },
  },
];
