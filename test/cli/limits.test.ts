import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { readPackageInfo } from '../../src/config/package-info.ts';
import { readConfig } from '../../src/config/read-config.ts';

const DOCUMENTS = fileURLToPath(new URL('trusted-documents.json', import.meta.url));
const read = (env: Record<string, string>) => readConfig(env, readPackageInfo(), { now: () => 0 });
const withCallers = { MANAGEMENT_API_URL: 'https://api.vipps.no', AUTH: 'vipps-keys' };

describe('the configuration of limits', () => {
  it('limits the rate unless everybody may ask', () => {
    expect(read({}).limits.rateLimitPerMinute).toBe(0);
    expect(read(withCallers).limits.rateLimitPerMinute).toBe(60_000);
    expect(read({ ...withCallers, RATE_LIMIT_PER_MINUTE: '0' }).limits.rateLimitPerMinute).toBe(0);
    expect(read({ RATE_LIMIT_PER_MINUTE: '7' }).limits.rateLimitPerMinute).toBe(7);
    expect(read({}).limits.authFailuresPerMinute).toBe(60);
  });

  it('trusts no proxy and gives an address a tenth of all connections unless told otherwise', () => {
    expect(read({}).http.trustedProxies.has('127.0.0.1')).toBe(false);
    expect(read({}).http.maxConnectionsPerAddress).toBe(1_000);
    const given = read({ TRUSTED_PROXIES: '10.0.0.0/8, 2001:db8::/32', MAX_CONNECTIONS_PER_ADDRESS: '5' });
    expect(given.http.maxConnectionsPerAddress).toBe(5);
    expect(['10.1.2.3', '2001:db8::1', '11.1.2.3'].map(given.http.trustedProxies.has)).toEqual([
      true,
      true,
      false,
    ]);
  });

  it.each(['proxy.example', '10.0.0.0/33', '0.0.0.0/0', '10.0.0.1,,10.0.0.2'])(
    'names the mistake in TRUSTED_PROXIES=%s and no value',
    (value) => {
      expect(() => read({ TRUSTED_PROXIES: value })).toThrow(
        /TRUSTED_PROXIES: must be IP addresses or ranges/,
      );
      expect(() => read({ TRUSTED_PROXIES: value })).not.toThrow(value);
    },
  );

  it('serves GraphiQL, which needs no key, on a loopback address, elsewhere only when told to, never in production', () => {
    const reachable = { ...withCallers, HOST: '0.0.0.0' };
    expect(read({}).graphiql.enabled).toBe(true);
    expect(read(withCallers).graphiql.enabled).toBe(true);
    expect(read({ GRAPHIQL: 'off' }).graphiql.enabled).toBe(false);
    expect(read(reachable).graphiql.enabled).toBe(false);
    expect(read({ ...reachable, GRAPHIQL: 'on' }).graphiql.enabled).toBe(true);
    expect(read({ ...withCallers, NODE_ENV: 'production' }).graphiql.enabled).toBe(false);
    expect(() => read({ ...withCallers, NODE_ENV: 'production', GRAPHIQL: 'on' })).toThrow(
      'GRAPHIQL: must not be on with NODE_ENV=production',
    );
  });

  it('takes no other than trusted documents unless told to', () => {
    const env = { TRUSTED_DOCUMENTS_FILE: DOCUMENTS };
    const byId = new Map([['names', '{ salesUnits { nodes { name } } }']]);
    expect(read({}).limits.trustedDocuments).toBeUndefined();
    expect(read(env).limits.trustedDocuments).toEqual({ byId, only: true });
    expect(read({ ...env, TRUSTED_DOCUMENTS: 'also' }).limits.trustedDocuments).toEqual({
      byId,
      only: false,
    });
  });
});
