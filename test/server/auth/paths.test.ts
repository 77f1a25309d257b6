import { expect, it } from 'vitest';
import { startTestGateway } from '../../support/gateway.ts';

// Yoga takes every URL that ends in the path of operations; authentication must not look at another part of it.
it.each([
  '/graphql/',
  '//graphql',
  '/x/graphql',
  '/x?y=/graphql',
  '/x?y=/graphql/',
  '/GRAPHQL',
  '/graphql;x',
])('takes no operation at %s', async (path) => {
  await using gateway = await startTestGateway();
  const response = await gateway.gateway.fetch(`http://127.0.0.1${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"query":"{ notAField }"}',
  });
  expect(response.status).toBe(404);
  expect(await response.text()).not.toMatch(/notAField|"data"/);
});
