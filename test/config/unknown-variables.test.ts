import { describe, expect, it } from 'vitest';
import { variableNames } from '../../src/config/env.ts';
import { warnOfUnknown } from '../../src/config/unknown-variables.ts';
import { startCli } from '../cli/cli-process.ts';

describe('the warning about a variable without effect', () => {
  it.each([
    ['UPSTREAM_CONCURENCY', 'UPSTREAM_CONCURRENCY'],
    ['upstream_timeout_ms', 'UPSTREAM_TIMEOUT_MS'],
    ['VIPPS_CLIENTID', 'VIPPS_CLIENT_ID'],
    ['TENANT_FILE', 'TENANTS_FILE'],
    ['JWT_JWKS_URI', 'JWT_JWKS_URL'],
    ['CORS_ORIGIN', 'CORS_ORIGINS'],
    ['REQUEST_DEADLINE', 'REQUEST_DEADLINE_MS'],
    ['MANAGEMENT_API_URL ', 'MANAGEMENT_API_URL'],
  ])('%s was meant to be %s', (name, meant) =>
    expect(warnOfUnknown([name])).toEqual([`${name} has no effect: did you mean ${meant}?`]),
  );

  it.each(['DATABASE_URL', 'WEBHOOKS'])('%s is of another version', (name) =>
    expect(warnOfUnknown([name])).toEqual([`${name} has no effect: this version does not support it`]),
  );

  it('covers names that begin with a prefix of ours', () =>
    expect(warnOfUnknown(['UPSTREAM_COLOUR'])).toEqual([
      'UPSTREAM_COLOUR has no effect: the gateway has no variable of that name',
    ]));

  it('leaves out variables of other programs', () => {
    const others = [
      'PATH',
      'HOME',
      'HOSTNAME',
      'PORTS',
      'npm_config_cache',
      'CACHE_DIR',
      'NODE_OPTIONS',
      'TZ',
      'LANG',
    ];
    expect(
      warnOfUnknown([...others, 'SANDBOX_SERVICE_HOST', 'SANDBOX_PORT_80_TCP', 'x'.repeat(100_000)]),
    ).toEqual([]);
  });

  it('leaves out variables that are read', () =>
    expect(warnOfUnknown([...variableNames, 'VIPPS_CLIENT_SECRET_FILE'])).toEqual([]));

  it('is logged at startup', async () => {
    await using cli = startCli(['serve'], {
      PORT: '0',
      ADMIN_PORT: '0',
      UPSTREAM_CONCURENCY: '7',
      WEBHOOKS: 'on',
    });
    const said = await cli.until(({ logs }) => {
      const warnings = logs.filter(({ level }) => level === 'warn').map(({ msg }) => msg);
      return warnings.length >= 2 ? warnings : undefined;
    });
    expect(said).toEqual([
      'UPSTREAM_CONCURENCY has no effect: did you mean UPSTREAM_CONCURRENCY?',
      'WEBHOOKS has no effect: this version does not support it',
    ]);
  });
});
