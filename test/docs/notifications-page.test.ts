import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { sign } from '../../src/notifications/signature.ts';

const page = readFileSync(new URL('../../docs/notifications.md', import.meta.url), 'utf8');
const [, snippet = ''] = /```js\n([\s\S]*?)```/.exec(page) ?? [];
const folder = mkdtempSync(join(tmpdir(), 'snippet-'));
writeFileSync(join(folder, 'snippet.mjs'), snippet);
const { isFromGateway } = (await import(join(folder, 'snippet.mjs'))) as {
  isFromGateway(header: string | undefined, body: string, secret: string, nowMs?: number): boolean;
};
afterAll(() => rmSync(folder, { recursive: true }));

describe('the snippet of docs/notifications.md', () => {
  const secret = 'a-secret-of-the-documentation';
  const body = '{"cursor":"x","kind":"SALES_UNIT_ADDED","id":"y"}';
  const header = sign(body, secret);
  const [time, signature] = header.split(',');

  it('accepts what the gateway signs', () => expect(isFromGateway(header, body, secret)).toBe(true));

  it.each([
    ['another body', header, `${body} `, secret],
    ['another secret', header, body, `${secret}x`],
    ['an old time', sign(body, secret, Date.now() - 301_000), body, secret],
    ['a time of the future', sign(body, secret, Date.now() + 301_000), body, secret],
    [
      'another time for the same signature',
      `t=${Math.floor(Date.now() / 1_000) + 1},${signature}`,
      body,
      secret,
    ],
    ['a part of the signature', header.slice(0, -2), body, secret],
    ['a longer signature', `${header}00`, body, secret],
    ['no signature', time, body, secret],
    ['an empty signature', `${time},v1=`, body, secret],
    ['no time', signature, body, secret],
    ['a time that is none', `t=now,${signature}`, body, secret],
    ['nothing', '', body, secret],
    ['no header', undefined, body, secret],
  ])('refuses %s', (_what, given, text, key) => expect(isFromGateway(given, text, key)).toBe(false));
});
