import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { startCli } from '../cli/cli-process.ts';

const UNITS = 100_000;
const LIST = '/management/v1/sales-units';

// Room for a busy machine; the goals themselves are held by `npm run bench:sandbox`.
it('starts with a hundred thousand units within 5 seconds, lists them all, and stays below 400 MB', async () => {
  const startedAt = performance.now();
  await using cli = startCli(['sandbox'], {
    SANDBOX_UNITS: String(UNITS),
    SANDBOX_LATENCY_MS: '0',
    SANDBOX_PORT: '0',
  });
  const printed = await cli.until(({ stdout }) => (stdout.includes('/_sandbox/stats') ? stdout : undefined));
  expect(performance.now() - startedAt).toBeLessThan(5_000);

  const read = (name: string) => new RegExp(`^export ${name}='([^']+)'$`, 'm').exec(printed)?.[1] ?? '';
  const url = read('MANAGEMENT_API_URL');
  const subscription = { 'Ocp-Apim-Subscription-Key': read('VIPPS_SUBSCRIPTION_KEY') };
  const issued = await fetch(`${url}/accesstoken/get`, {
    method: 'POST',
    headers: {
      ...subscription,
      client_id: read('VIPPS_CLIENT_ID'),
      client_secret: read('VIPPS_CLIENT_SECRET'),
    },
  });
  const { access_token: token } = (await issued.json()) as { access_token: string };
  const headers = { ...subscription, Authorization: `Bearer ${token}` };

  const fetchList = async () => {
    const askedAt = performance.now();
    const text = await (await fetch(`${url}${LIST}`, { headers })).text();
    return { text, ms: performance.now() - askedAt };
  };
  const first = await fetchList();
  const units = JSON.parse(first.text) as { msn: string; name: string }[];
  expect(new Set(units.map(({ msn }) => msn)).size).toBe(UNITS);
  // Written once and then sent as it is: later ones take the time of their bytes.
  const later = [await fetchList(), await fetchList(), await fetchList()];
  expect(later.every(({ text }) => text === first.text)).toBe(true);
  expect(Math.min(...later.map(({ ms }) => ms))).toBeLessThan(first.ms / 3);
  for (const { msn, name } of [units[0], units[UNITS / 2], units[UNITS - 1]].filter(
    (unit) => unit !== undefined,
  )) {
    const unit = (await (await fetch(`${url}${LIST}/${msn}`, { headers })).json()) as {
      msn: string;
      name: string;
    };
    expect(unit).toMatchObject({ msn, name });
  }

  const status = await readFile(`/proc/${cli.pid}/status`, 'utf8');
  for (const field of ['VmRSS', 'VmHWM']) {
    const kilobytes = Number(new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1]);
    expect(kilobytes / 1024, field).toBeLessThan(400);
  }
});
