import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { ConfigError } from '../../src/config/config-error.ts';
import { readPackageInfo } from '../../src/config/package-info.ts';
import { readConfig } from '../../src/config/read-config.ts';

const KEYS = { VIPPS_CLIENT_ID: 'id', VIPPS_CLIENT_SECRET: 'secret', VIPPS_SUBSCRIPTION_KEY: 'key' };
const REAL = { MANAGEMENT_API_URL: 'https://api.vipps.no', ...KEYS, AUTH: 'none' };
const without = (name: string) => Object.fromEntries(Object.entries(REAL).filter(([key]) => key !== name));

const THIS_FILE = fileURLToPath(import.meta.url);
const NO_FILE = `${THIS_FILE}.absent`;
const DOCUMENTS = fileURLToPath(new URL('trusted-documents.json', import.meta.url));

function mistakesOf(env: Record<string, string>): readonly string[] {
  try {
    readConfig(env, readPackageInfo(), { now: () => 0 });
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.mistakes;
    throw error;
  }
}

it.each([
  ['PORT', { PORT: 'abc' }],
  ['PORT', { PORT: '-1' }],
  ['PORT', { PORT: '65536' }],
  ['PORT', { PORT: '4000.5' }],
  ['ADMIN_PORT', { ADMIN_PORT: '4001 ' }],
  ['SUBGRAPH', { SUBGRAPH: 'yes' }],
  ['SUBGRAPH', { SUBGRAPH_SECRET: 'x'.repeat(32) }],
  ['SUBGRAPH_SECRET', { SUBGRAPH: 'on', SUBGRAPH_SECRET: `two words ${'x'.repeat(32)}` }],
  ['SUBGRAPH_SECRET', { SUBGRAPH: 'on', SUBGRAPH_SECRET: 'x'.repeat(31) }],
  ['HOST', { HOST: '0.0.0.0' }],
  ['HOST', { HOST: '::' }],
  ['HOST', { HOST: '127.0.0.1.example.com' }],
  ['HOST', { HOST: '127.999.0.1' }],
  ['MANAGEMENT_API_URL', { ...REAL, MANAGEMENT_API_URL: 'http://evil.example' }],
  ['MANAGEMENT_API_URL', { ...REAL, MANAGEMENT_API_URL: 'http://127.0.0.1.evil.example' }],
  ['MANAGEMENT_API_URL', { ...REAL, MANAGEMENT_API_URL: 'http://localhost.evil.example' }],
  ['MANAGEMENT_API_URL', { ...REAL, MANAGEMENT_API_URL: 'https://user:pass@api.vipps.no' }],
  ['MANAGEMENT_API_URL', { ...REAL, MANAGEMENT_API_URL: 'https://api.vipps.no/management/v1' }],
  ['MANAGEMENT_API_URL', { ...REAL, MANAGEMENT_API_URL: 'ftp://api.vipps.no' }],
  ['MANAGEMENT_API_URL', { ...REAL, MANAGEMENT_API_URL: 'api.vipps.no' }],
  ['MANAGEMENT_API_URL', KEYS],
  ['MANAGEMENT_API_URL', { NODE_ENV: 'production' }],
  ['VIPPS_CLIENT_ID', without('VIPPS_CLIENT_ID')],
  ['VIPPS_CLIENT_ID', { ...REAL, VIPPS_CLIENT_ID: 'two words' }],
  ['VIPPS_CLIENT_ID', { ...without('VIPPS_CLIENT_ID'), VIPPS_CLIENT_ID_FILE: THIS_FILE }],
  ['VIPPS_CLIENT_SECRET', without('VIPPS_CLIENT_SECRET')],
  ['VIPPS_CLIENT_SECRET', { ...REAL, VIPPS_CLIENT_SECRET: 'æøå' }],
  ['VIPPS_CLIENT_SECRET', { ...REAL, VIPPS_CLIENT_SECRET_FILE: THIS_FILE }],
  ['VIPPS_CLIENT_SECRET_FILE', { ...without('VIPPS_CLIENT_SECRET'), VIPPS_CLIENT_SECRET_FILE: NO_FILE }],
  ['VIPPS_CLIENT_SECRET_FILE', { ...without('VIPPS_CLIENT_SECRET'), VIPPS_CLIENT_SECRET_FILE: THIS_FILE }],
  ['VIPPS_SUBSCRIPTION_KEY', without('VIPPS_SUBSCRIPTION_KEY')],
  ['VIPPS_SUBSCRIPTION_KEY', { ...REAL, VIPPS_TOKEN_FLOW: 'miami' }],
  [
    'VIPPS_SUBSCRIPTION_KEY',
    { ...without('VIPPS_SUBSCRIPTION_KEY'), VIPPS_SUBSCRIPTION_KEY_SECONDARY: 'key' },
  ],
  ['VIPPS_MERCHANT_SERIAL_NUMBER', { ...REAL, VIPPS_MERCHANT_SERIAL_NUMBER: '123' }],
  ['VIPPS_MERCHANT_SERIAL_NUMBER', { ...REAL, VIPPS_MERCHANT_SERIAL_NUMBER: '12345x' }],
  ['RATE_LIMIT_PER_MINUTE', { RATE_LIMIT_PER_MINUTE: '-1' }],
  ['AUTH_FAILURES_PER_MINUTE', { AUTH_FAILURES_PER_MINUTE: 'many' }],
  ['TRUSTED_DOCUMENTS', { TRUSTED_DOCUMENTS: 'some', TRUSTED_DOCUMENTS_FILE: DOCUMENTS }],
  ['TRUSTED_DOCUMENTS_FILE', { TRUSTED_DOCUMENTS: 'also' }],
  ['TRUSTED_DOCUMENTS_FILE', { TRUSTED_DOCUMENTS_FILE: NO_FILE }],
  ['TRUSTED_DOCUMENTS_FILE', { TRUSTED_DOCUMENTS_FILE: THIS_FILE }],
  ['VIPPS_TOKEN_FLOW', { ...REAL, VIPPS_TOKEN_FLOW: 'oauth' }],
  ['VIPPS_SYSTEM_NAME', { VIPPS_SYSTEM_NAME: 'a'.repeat(31) }],
  ['VIPPS_SYSTEM_VERSION', { VIPPS_SYSTEM_VERSION: '1\r\nx-injected: 1' }],
  ['VIPPS_SYSTEM_PLUGIN_NAME', { VIPPS_SYSTEM_PLUGIN_NAME: ' plugin' }],
  ['VIPPS_SYSTEM_PLUGIN_VERSION', { VIPPS_SYSTEM_PLUGIN_VERSION: 'é' }],
  ['AUTH', without('AUTH')],
  ['AUTH', { ...REAL, AUTH: 'basic' }],
  ['AUTH', { ...REAL, AUTH: 'none,vipps-keys' }],
  ['JWT_JWKS_URL', { ...REAL, AUTH: 'jwt', JWT_ISSUER: 'x', JWT_AUDIENCE: 'x' }],
  [
    'JWT_JWKS_URL',
    { ...REAL, AUTH: 'jwt', JWT_ISSUER: 'x', JWT_AUDIENCE: 'x', JWT_JWKS_URL: 'http://idp.example' },
  ],
  ['JWT_ALGORITHMS', { JWT_ALGORITHMS: 'HS256' }],
  ['TENANTS_FILE', { ...REAL, AUTH: 'api-key' }],
  ['TENANTS_FILE', { MANAGEMENT_API_URL: REAL.MANAGEMENT_API_URL, AUTH: 'api-key', TENANTS_FILE: NO_FILE }],
  ['AUTH', { ...REAL, NODE_ENV: 'production' }],
  ['TENANTS_FILE', { MANAGEMENT_API_URL: REAL.MANAGEMENT_API_URL, AUTH: 'api-key', TENANTS_FILE: THIS_FILE }],
  ['REDIS_URL', { REDIS_URL: 'redis://127.0.0.1' }],
  ['UPSTREAM_CONCURRENCY', { UPSTREAM_CONCURRENCY: '0' }],
  ['UPSTREAM_TIMEOUT_MS', { UPSTREAM_TIMEOUT_MS: '5s' }],
  ['REQUEST_DEADLINE_MS', { REQUEST_DEADLINE_MS: '0' }],
  ['MAX_PAGE_SIZE', { MAX_PAGE_SIZE: '1e3' }],
  ['MAX_UPSTREAM_CALLS', { MAX_UPSTREAM_CALLS: '0x10' }],
  ['CACHE', { CACHE: 'yes' }],
  ['CACHE_MAX_BYTES', { CACHE_MAX_BYTES: '64MiB' }],
  ['CORS_ORIGINS', { CORS_ORIGINS: '*' }],
  ['CORS_ORIGINS', { CORS_ORIGINS: 'https://a.example, https://b.example/' }],
  ['LOG_LEVEL', { LOG_LEVEL: 'loud' }],
  ['SANDBOX_UNITS', { SANDBOX_UNITS: '100001' }],
  ['SANDBOX_LATENCY_MS', { SANDBOX_LATENCY_MS: '-1' }],
  ['SANDBOX_SEED', { SANDBOX_SEED: 'x' }],
  ['SANDBOX_PORT', { SANDBOX_PORT: '70000' }],
])('names %s, and nothing else, for %j', (name, env: Record<string, string>) => {
  const mistakes = mistakesOf(env);
  expect(mistakes).toHaveLength(1);
  expect(mistakes[0]).toMatch(new RegExp(`^${name}: .`));
});

it.each([
  ['nothing', {}],
  ['empty values', { PORT: '', MANAGEMENT_API_URL: '', VIPPS_CLIENT_SECRET: '', AUTH: '', REDIS_URL: '' }],
  ['a loopback host by another name', { HOST: '::1' }],
  ['the keys of one tenant', REAL],
  ['management keys', { ...without('VIPPS_SUBSCRIPTION_KEY'), VIPPS_TOKEN_FLOW: 'miami' }],
  ['two origins', { CORS_ORIGINS: 'https://a.example, http://127.0.0.1:8080' }],
])('finds no mistake in %s', (_title, env: Record<string, string>) => {
  expect(mistakesOf(env)).toEqual([]);
});
