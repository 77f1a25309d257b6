import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { describeSandbox } from '../../src/sandbox/describe.ts';
import { startSandbox } from '../../src/sandbox/server.ts';

const run = promisify(execFile);

it('prints a line that lists the sales units when it is pasted into a shell', async () => {
  await using sandbox = await startSandbox({ units: 10, latencyMs: 0 });
  const line = describeSandbox(sandbox)
    .split('\n')
    .find((text) => text.startsWith('curl'));
  const { stdout } = await run('bash', ['-c', line ?? 'exit 1']);
  expect(JSON.parse(stdout)).toHaveLength(10);
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
