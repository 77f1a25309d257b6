import { afterAll, describe, expect, it } from 'vitest';
import { startSandbox } from '../../../src/sandbox/server.ts';
import { send, signIn } from '../client.ts';
import { order, smallest } from '../ordering.ts';
import { rowsOf, submit, visit } from '../page-client.ts';
import { startHome, UI } from './start-home.ts';

const { sandbox, headers, press } = await startHome();
afterAll(() => sandbox.close());

describe('the sales units', () => {
  it('come in pages of 50, each unit once, with the newest first', async () => {
    const seen: string[] = [];
    for (let path = `${UI}/units`, pages = 0; path && pages < 9; pages++) {
      const { body } = await visit(sandbox, path);
      seen.push(...rowsOf(body).map((row) => row.split('<')[0] ?? ''));
      path = /rel="next" href="([^"]*)"/.exec(body)?.[1]?.replaceAll('&#38;', '&') ?? '';
    }
    expect(seen.length).toBeGreaterThan(200);
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen).toEqual(expect.arrayContaining([...sandbox.data.msns]));
  });

  it.each([
    [38, false],
    [39, true],
  ])('have a next page only when there is more: %d and twelve hidden ones, %s', async (units, hasNext) => {
    await using own = await startSandbox({ latencyMs: 0, units });
    const { body } = await visit(own, `${UI}/units`);
    expect(body).toContain(`All ${units + 12} sales units`);
    expect(rowsOf(body)).toHaveLength(50);
    expect(body.includes('rel="next"')).toBe(hasNext);
  });

  it.each(['0', '-1', 'x', '1e99', '99999'])(
    'stay within their pages when page %s is asked for',
    async (number) => {
      const { status, body } = await visit(sandbox, `${UI}/units?page=${number}`);
      expect(status).toBe(200);
      expect(rowsOf(body).length).toBeGreaterThan(0);
    },
  );

  it('are found by MSN and by a part of the name in any case', async () => {
    const msn = sandbox.data.msns[42] ?? '';
    const byMsn = rowsOf((await visit(sandbox, `${UI}/units?q=${msn}`)).body);
    expect(byMsn.every((row) => row.includes(msn))).toBe(true);
    expect(byMsn.length).toBeGreaterThan(0);
    const name = sandbox.data.nameOf(msn);
    const part = encodeURIComponent(name.slice(1, -1).toUpperCase());
    expect(
      rowsOf((await visit(sandbox, `${UI}/units?q=${part}`)).body).some((row) => row.startsWith(msn)),
    ).toBe(true);
    const none = await visit(sandbox, `${UI}/units?q=${encodeURIComponent('"><script>')}`);
    expect(rowsOf(none.body)).toEqual([]);
    expect(none.body).not.toContain('<script');
  });

  it('are deactivated by a button', async () => {
    const msn = sandbox.data.msns[3] ?? '';
    const back = `${UI}/units?q=${msn}`;
    const { text, location } = await press(`units/${msn}/deactivate`, { back });
    expect(text).toBe(`Sales unit ${msn} is deactivated.`);
    expect(location).toContain(`${back}&notice=`);
    expect((await send(sandbox, 'GET', `/management/v1/sales-units/${msn}`, { headers })).status).toBe(404);
    expect(rowsOf((await visit(sandbox, back)).body).find((row) => row.startsWith(msn))).not.toContain(
      'Deactivate',
    );
    expect(await press('units/1/deactivate')).toMatchObject({
      failed: true,
      text: 'There is no sales unit 1.',
    });
  });

  it('are quick at a hundred thousand, and one that was just made is on the first page', async () => {
    await using big = await startSandbox({ latencyMs: 0, units: 100_000 });
    const auth = await signIn(big);
    const made = await order(big, auth, { ...smallest, salesUnitName: 'Nyeste' });
    await submit(big, `${UI}/orders/${made.json.prefilledOrderId}`, { status: 'COMPLETED' });
    const times: number[] = [];
    for (let round = 0; round < 15; round++) {
      const start = performance.now();
      const { body } = await visit(big, `${UI}/units`);
      times.push(performance.now() - start);
      expect(body).toContain('<td>Nyeste</td>');
    }
    expect(times.sort((one, other) => one - other)[7]).toBeLessThan(20);
    expect(rowsOf((await visit(big, `${UI}/units?page=2001`)).body).length).toBeGreaterThan(0);
  });
});
