import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { readPackageInfo } from '../../src/cli/package-info.ts';
import { readConfig } from '../../src/config.ts';

const DOCUMENTS = fileURLToPath(new URL('trusted-documents.json', import.meta.url));
const read = (env: Record<string, string>) => readConfig(env, readPackageInfo(), { now: () => 0 });
const withCallers = { MANAGEMENT_API_URL: 'https://api.vipps.no', AUTH: 'vipps-keys' };

describe('the configuration of limits', () => {
  it('limits the rate unless everybody may ask', () => {
    expect(read({}).rateLimitPerMinute).toBe(0);
    expect(read(withCallers).rateLimitPerMinute).toBe(60_000);
    expect(read({ ...withCallers, RATE_LIMIT_PER_MINUTE: '0' }).rateLimitPerMinute).toBe(0);
    expect(read({ RATE_LIMIT_PER_MINUTE: '7' }).rateLimitPerMinute).toBe(7);
    expect(read({}).authFailuresPerMinute).toBe(60);
  });

  it('takes no other than trusted documents unless told to', () => {
    const env = { TRUSTED_DOCUMENTS_FILE: DOCUMENTS };
    const byId = new Map([['names', '{ salesUnits { nodes { name } } }']]);
    expect(read({}).trustedDocuments).toBeUndefined();
    expect(read(env).trustedDocuments).toEqual({ byId, only: true });
    expect(read({ ...env, TRUSTED_DOCUMENTS: 'also' }).trustedDocuments).toEqual({ byId, only: false });
  });
});
