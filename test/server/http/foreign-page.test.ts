import { expect, it } from 'vitest';
import { startTestGateway } from '../../support/gateway.ts';

const url = 'http://127.0.0.1:4000/graphql?query={salesUnits{totalCount}}';

it.each([
  ['of another origin in a browser without Sec-Fetch', { origin: 'https://evil.example' }],
  ['of no origin', { origin: 'null' }],
  ['of another port', { origin: 'http://127.0.0.1:3000' }],
  ['of another port, by a picture', { 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'no-cors' }],
  ['of another site, by a picture', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' }],
])('a page %s cannot query by GET', async (_what, headers) => {
  await using gateway = await startTestGateway();
  const response = await gateway.gateway.fetch(url, { headers });
  expect(response.status).toBe(403);
  expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'BAD_REQUEST' } }] });
  expect(gateway.calls()).toEqual({});
});

it.each([
  ['no browser', {}],
  ['a page of its own', { origin: 'http://127.0.0.1:4000' }],
  ['a browser that says that the page is its own', { 'sec-fetch-site': 'same-origin' }],
  ['a person who types the address', { 'sec-fetch-site': 'none', 'sec-fetch-mode': 'navigate' }],
  ['a page of a listed origin', { origin: 'https://good.example' }],
  [
    'a page of a listed origin of the same site',
    { origin: 'https://good.example', 'sec-fetch-site': 'same-site' },
  ],
])('%s can', async (_what, headers) => {
  await using gateway = await startTestGateway({ env: { CORS_ORIGINS: 'https://good.example' } });
  const response = await gateway.gateway.fetch(url, { headers: headers as Record<string, string> });
  expect(response.status).toBe(200);
});
