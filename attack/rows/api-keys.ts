import { headerLines } from '../endpoint.ts';
import { asking } from '../inputs/attack-requests.ts';
import { unauthenticated } from '../inputs/refusals.ts';
import type { Row, TestContext } from '../test-context.ts';

export const apiKeyRows: readonly Row[] = [{ id: 'A26', what: 'invalid keys', run: wrongKeys }];

async function wrongKeys(context: TestContext): Promise<void> {
  const { target, refused, check } = context;
  const { key } = target.fixture.keyring.partner;
  const { path, headers } = target.endpoint;
  const line = `POST ${path} HTTP/1.1\r\nHost: gateway\r\n${headerLines(headers)}`;
  const last = key.at(-1) === 'A' ? 'B' : 'A';
  // Every one of them with a body that would be refused as well, had it been read.
  const unread = '{ this is no document';
  const wrong: readonly [what: string, authorization: string | undefined][] = [
    ['none', undefined],
    ['empty', ''],
    ['no scheme', key],
    ['another scheme', `Basic ${key}`],
    ['wrong', 'Bearer mg_wrong'],
    ['only the prefix', 'Bearer mg_'],
    ['last byte off', `Bearer ${key.slice(0, -1)}${last}`],
    ['one byte less', `Bearer ${key.slice(0, -1)}`],
    ['one byte more', `Bearer ${key}A`],
    ['two in one', `Bearer ${key}, Bearer ${key}`],
    ['4 KB', `Bearer mg_${'x'.repeat(4_096)}`],
    ['prototype', 'Bearer __proto__'],
  ];
  for (const [what, authorization] of wrong) {
    await refused(what, asking(authorization), unauthenticated);
    await refused(`${what}, with a body that is none`, asking(authorization, unread), unauthenticated);
  }
  await refused(
    'in the URL',
    { ...asking(undefined), path: `${path}?authorization=${key}&key=${key}` },
    unauthenticated,
  );
  await refused(
    'in the body',
    {
      ...asking(undefined),
      body: JSON.stringify({ query: '{ __typename }', authorization: `Bearer ${key}` }),
    },
    { ...unauthenticated, silentAbout: [key] },
  );
  const huge = await target.client.raw([`${line}Authorization: Bearer mg_${'x'.repeat(1_000_000)}\r\n\r\n`]);
  check('1 MB: 431', /^HTTP\/1\.1 (431|401)/.test(huge.text), huge.text.slice(0, 60));
  const body = '{"query":"{ __typename }"}';
  const twice = await target.client.raw([
    `${line}Content-Type: application/json\r\nAuthorization: Bearer ${key}\r\nAuthorization: Bearer ${key}\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
  ]);
  check('two headers: 400', /^HTTP\/1\.1 400/.test(twice.text), twice.text.slice(0, 60));
  // An answer before the body has come shows that nobody waits for it.
  const unsent = await target.client.raw([
    `${line}Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n{`,
  ]);
  check('no key: answered before the body', /^HTTP\/1\.1 401/.test(unsent.text), unsent.text.slice(0, 60));
}
