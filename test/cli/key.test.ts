import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { newKey } from '../../src/cli/key.ts';
import { TenantKey } from '../../src/config/tenants/tenants-file-shape.ts';
import { startCli } from './cli-process.ts';

const entryIn = (text: string) => TenantKey.parse(JSON.parse(/{.*}/.exec(text)?.[0] ?? ''));

it('prints the whole entry for the tenants file', async () => {
  await using cli = startCli([
    'key',
    '--scopes',
    'read, introspect',
    '--name=admin page',
    '--audience',
    'browser',
  ]);
  await cli.exited;
  const key = /mg_[\w-]+/.exec(cli.stdout)?.[0] ?? '';
  expect(entryIn(cli.stdout)).toEqual({
    sha256: createHash('sha256').update(key).digest('hex'),
    name: 'admin page',
    scopes: ['read', 'introspect'],
    audience: 'browser',
  });
});

it('prints no more than it must', () =>
  expect(newKey()).toMatch(/{"sha256":"[0-9a-f]{64}","scopes":\["read"\]}/));

it.each([
  [['--scopes', 'raed'], '--scopes: must be one or several of read, product-orders:write, introspect'],
  [['--scopes', 'read,'], '--scopes: must be one or several of'],
  [['--audience', 'phone'], '--audience: must be one of browser, backend, router'],
  [['--name', ''], '--name: must have'],
  [['--units', '3'], '--units: applies to the command sandbox only'],
])('refuses %j', async (flags, mistake) => {
  await using cli = startCli(['key', ...flags]);
  expect([(await cli.exited).code, cli.stdout]).toEqual([1, '']);
  expect(cli.stderr).toContain(mistake);
});
