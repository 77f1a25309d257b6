import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { startContestant } from '../../bench/comparison/start-contestant.ts';

const keys = { clientId: '', clientSecret: '', subscriptionKey: '' };
const upstream = { url: 'http://127.0.0.1:1', keys };

it('measures a server that runs already once it answers', async () => {
  let asked = 0;
  await using server = createServer((request, response) => {
    response.statusCode = ++asked < 3 || request.headers.authorization !== 'Bearer key' ? 503 : 200;
    response.end('{}');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`;
  const contestant = await startContestant(
    {
      name: 'tailcall',
      kind: 'endpoint',
      cache: true,
      connections: 1,
      endpoint: { url, headers: { authorization: 'Bearer key' } },
    },
    upstream,
    '',
  );
  expect(asked).toBe(3);
  expect(contestant.url).toBe(url);
  expect(contestant.memory().now).toBeNaN();
});
