import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { describeSandbox } from '../../src/sandbox/describe.ts';
import { startSandbox } from '../../src/sandbox/server.ts';

const run = promisify(execFile);

it('prints lines that list the sales units when they are pasted into a shell, for either kind of keys', async () => {
  await using sandbox = await startSandbox({ units: 10, latencyMs: 0 });
  const lines = describeSandbox(sandbox)
    .split('\n')
    .filter((text) => text.startsWith('curl'));
  for (const line of lines) {
    const { stdout } = await run('sh', ['-c', line]);
    expect(JSON.parse(stdout)).toHaveLength(10);
  }
  expect(sandbox.stats().calls).toMatchObject({ 'POST /accesstoken/get': 1, 'POST /miami/v1/token': 1 });
});

it('prints settings that set what a client needs when they are pasted', async () => {
  await using sandbox = await startSandbox({ units: 10 });
  const lines = describeSandbox(sandbox)
    .split('\n')
    .filter((text) => text.startsWith('export'));
  const print =
    'echo "$MANAGEMENT_API_URL|$VIPPS_CLIENT_ID|$VIPPS_CLIENT_SECRET|$VIPPS_SUBSCRIPTION_KEY|$VIPPS_TOKEN_FLOW"';
  const { stdout } = await run('bash', ['-c', [...lines, print].join('\n')]);
  const { clientId, clientSecret, subscriptionKey } = sandbox.keys;
  expect(stdout.trim()).toBe([sandbox.url, clientId, clientSecret, subscriptionKey, 'accesstoken'].join('|'));
});

it('marks the keys as keys of the sandbox and names every caller', async () => {
  await using sandbox = await startSandbox({ units: 10 });
  const text = describeSandbox(sandbox);
  expect(text).toContain('SANDBOX KEYS');
  for (const { clientId } of Object.values(sandbox.callers)) expect(text).toContain(clientId);
});

it('has the same keys for the same seed', async () => {
  await using one = await startSandbox({ seed: 9 });
  await using two = await startSandbox({ seed: 9 });
  await using three = await startSandbox({ seed: 10 });
  expect(two.callers).toEqual(one.callers);
  expect(three.keys.clientSecret).not.toBe(one.keys.clientSecret);
});
