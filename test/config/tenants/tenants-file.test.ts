import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tenantsSchema } from '../../../src/cli/tenants-schema.ts';
import { readTenants, readTenantsFile } from '../../../src/config/tenants/tenants-file.ts';

const files = { now: () => 0 };
const CANARY = 'canary-secret';
const hash = (digit: string) => digit.repeat(64);
const upstream = { clientId: 'id', clientSecret: CANARY, subscriptionKey: 'key' };
const read = (file: unknown) => readTenants(typeof file === 'string' ? file : JSON.stringify(file), files);
const mistakesOf = (file: unknown) => {
  const result = read(file);
  return 'mistakes' in result ? result.mistakes : [];
};
const tenantsOf = (file: unknown) => {
  const result = read(file);
  if ('mistakes' in result) throw new Error(result.mistakes.join('\n'));
  return result.tenants;
};

let folder: string;
const at = (name: string) => join(folder, name);
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tenants-'));
  writeFileSync(at('secret'), `${CANARY}\n`);
  writeFileSync(at('empty'), '');
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('the tenants file', () => {
  it('is read with its defaults', () => {
    const keys = [{ sha256: hash('a'), scopes: ['read'] }];
    const [acme, brand] = tenantsOf({
      $schema: './tenants.schema.json',
      tenants: [
        { id: 'acme', upstream, keys, limits: { concurrency: 8 } },
        { id: 'brand', upstream: { clientId: 'id', clientSecret: 's', tokenFlow: 'miami' } },
      ],
    });
    expect(acme).toMatchObject({
      id: 'acme',
      limits: { concurrency: 8 },
      keys: [{ sha256: hash('a'), scopes: ['read'], audience: 'backend', name: undefined }],
      credentials: { clientId: 'id', tokenFlow: 'accesstoken', merchantSerialNumber: undefined },
    });
    expect(acme?.credentials.clientSecret.reveal()).toBe(CANARY);
    expect(brand).toMatchObject({ keys: [], limits: {}, credentials: { tokenFlow: 'miami' } });
  });

  it('takes each secret from a file', () => {
    const [acme] = tenantsOf({
      tenants: [
        {
          id: 'acme',
          upstream: {
            clientId: 'id',
            clientSecretFile: at('secret'),
            subscriptionKeyFile: at('secret'),
            subscriptionKeySecondaryFile: at('secret'),
          },
        },
      ],
    });
    const { clientSecret, subscriptionKey, subscriptionKeySecondary } = acme?.credentials ?? {};
    for (const secret of [clientSecret, subscriptionKey, subscriptionKeySecondary])
      expect(secret?.reveal()).toBe(CANARY);
  });

  it('tells every mistake at once, by its place and never by its value', () => {
    const file = {
      tenants: [
        { id: `no id: ${CANARY}`, upstream: { clientId: 'id', clientSecret: `${CANARY} with spaces` } },
        { id: 'twice', upstream: { clientId: 'id' }, keys: [{ sha256: hash('a'), scopes: ['read'] }] },
        { id: 'twice', upstream, keys: [{ sha256: hash('a'), scopes: [CANARY], key: CANARY }] },
        { id: 'both', upstream: { ...upstream, clientSecretFile: at('secret'), merchantSerialNumber: 'x' } },
        {
          id: 'files',
          upstream: { ...upstream, subscriptionKey: undefined, subscriptionKeyFile: at('none') },
        },
        { id: 'empty', upstream: { clientId: 'id', clientSecretFile: at('empty'), tokenFlow: 'miami' } },
        { id: 'flow', upstream: { ...upstream, tokenFlow: 'miami' }, limits: { concurrency: 0 } },
        { id: 'nothing' },
        CANARY,
      ],
    };
    const mistakes = mistakesOf(file);
    expect(mistakes.map((mistake) => mistake.split(':')[0]).sort()).toEqual([
      'tenants.0.id',
      'tenants.0.upstream.clientSecret',
      'tenants.1.upstream.clientSecret',
      'tenants.1.upstream.subscriptionKey',
      'tenants.2.id',
      'tenants.2.keys.0',
      'tenants.2.keys.0.scopes.0',
      'tenants.2.keys.0.sha256',
      'tenants.3.upstream.merchantSerialNumber',
      'tenants.4.upstream.subscriptionKeyFile',
      'tenants.5.upstream.clientSecretFile',
      'tenants.6.limits.concurrency',
      'tenants.6.upstream.subscriptionKey',
      'tenants.7.upstream',
      'tenants.8',
    ]);
    expect(mistakes.join('\n')).not.toContain(CANARY);
    expect(mistakes).toContain('tenants.2.keys.0: has no property key');
    expect(mistakes).toContain('tenants.2.keys.0.sha256: is already used in this file');
  });

  it.each([
    ['no JSON', `{"tenants": ${CANARY}`, ['is not valid JSON at line 1, column 13']],
    ['no tenant', { tenants: [] }, ['tenants: must have at least one tenant']],
    ['another outline', [], expect.any(Array)],
    [
      'a property that nobody reads',
      { tenants: [{ id: 'a', upstream }], tenant: 1 },
      ['has no property tenant'],
    ],
    [
      'a secret twice',
      { tenants: [{ id: 'a', upstream: { ...upstream, clientSecretFile: '/x' } }] },
      expect.arrayContaining([
        'tenants.0.upstream.clientSecret: set either this or clientSecretFile, not both',
      ]),
    ],
    [
      'a key in capital letters',
      { tenants: [{ id: 'a', upstream, keys: [{ sha256: hash('A'), scopes: ['read'] }] }] },
      [expect.stringMatching(/^tenants\.0\.keys\.0\.sha256: must be the SHA-256/)],
    ],
    [
      'a key that may do nothing',
      { tenants: [{ id: 'a', upstream, keys: [{ sha256: hash('a'), scopes: [] }] }] },
      [expect.stringMatching(/^tenants\.0\.keys\.0\.scopes: /)],
    ],
    ['names of the language', '{"tenants":[],"__proto__":{"polluted":1}}', expect.any(Array)],
  ])('is refused with %s', (_what, file, mistakes) => {
    expect(mistakesOf(file)).toEqual(mistakes);
    expect(mistakesOf(file)).not.toEqual([]);
    expect(mistakesOf(file).join()).not.toContain(CANARY);
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
  });

  it('that cannot be read is told without its path', () => {
    expect(readTenantsFile(at('none'), files)).toEqual({ mistakes: ['names a file that cannot be read'] });
  });
});

describe('its JSON Schema', () => {
  it('is the one in tenants.schema.json', async () => {
    await expect(tenantsSchema()).toMatchFileSnapshot('../../../tenants.schema.json');
  });

  it('describes every property', () => {
    const undescribed: string[] = [];
    const walk = (schema: Schema, place: string) => {
      for (const [name, property] of Object.entries(schema.properties ?? {})) {
        if (!property.description) undescribed.push(`${place}${name}`);
        walk(property, `${place}${name}.`);
      }
      if (schema.items) walk(schema.items, place);
    };
    walk(JSON.parse(tenantsSchema()), '');
    expect(undescribed).toEqual([]);
  });
});

interface Schema {
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
}
