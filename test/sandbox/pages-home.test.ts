import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Sandbox, startSandbox } from '../../src/sandbox/server.ts';
import { type ApiHeaders, send, signIn } from './client.ts';
import { details, order, smallest } from './ordering.ts';
import { press as pressOn, rowsOf, submit, visit } from './page-client.ts';

const UI = '/_sandbox/ui';
let sandbox: Sandbox;
let headers: ApiHeaders;
beforeAll(async () => {
  sandbox = await startSandbox({ latencyMs: 0, tokenLifetimeSeconds: 1e9 });
  headers = await signIn(sandbox);
});
afterAll(() => sandbox.close());

const place = async (body: object = smallest): Promise<string> =>
  (await order(sandbox, headers, body)).json.prefilledOrderId;
const press = (path: string, fields: Record<string, string> = {}) => pressOn(sandbox, path, fields);

describe('the root', () => {
  it('leads a person to the home page, and is unknown to everything else', async () => {
    expect(await visit(sandbox, '/')).toMatchObject({ status: 302, location: '/_sandbox' });
    expect(await visit(sandbox, '/_sandbox/')).toMatchObject({ status: 302, location: '/_sandbox' });
    for (const accept of ['*/*', 'application/json']) {
      const reply = await send(sandbox, 'GET', '/', { headers: { accept } });
      expect(reply).toEqual({
        status: 404,
        contentType: 'application/json',
        json: { statusCode: 404, message: 'Resource not found' },
      });
    }
    expect((await visit(sandbox, '/', {}, 'POST')).status).toBe(404);
  });
});

describe('the start page', () => {
  it('has the keys of every caller and a line that works', async () => {
    const { body } = await visit(sandbox, '/_sandbox');
    for (const value of Object.values(sandbox.callers).flatMap((keys) => Object.values(keys))) {
      expect(body).toContain(`<dd class="key">${value}</dd>`);
    }
    expect(body).toContain('user-select:all');
    expect(body).toContain('<title>Start – sandbox</title>');
    expect(body).toContain(`curl -s ${sandbox.url}/management/v1/sales-units`);
    expect(body).toContain('href="/_sandbox/openapi.yaml"');
  });
});

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

describe('the orders', () => {
  it('have a button for each legal move and no other', async () => {
    const id = await place();
    const buttons = async (of = id) => {
      const row = rowsOf((await visit(sandbox, `${UI}/orders`)).body).find((one) => one.includes(of)) ?? '';
      return [...row.matchAll(/>(Open portal|Submit|Complete|Reject)</g)].map(([, name]) => name);
    };
    expect(await buttons()).toEqual(['Open portal', 'Submit', 'Complete', 'Reject']);
    expect((await press(`orders/${id}`, { status: 'ORDER_SUBMITTED' })).text).toBe(
      `Order ${id} is now submitted.`,
    );
    expect(await buttons()).toEqual(['Open portal', 'Complete', 'Reject']);
    await press(`orders/${id}`, { status: 'REJECTED' });
    expect((await details(sandbox, headers, id)).json.status).toBe('REJECTED');
    expect(await buttons()).toEqual(['Open portal']);
    expect(await press(`orders/${id}`, { status: 'COMPLETED' })).toMatchObject({
      failed: true,
      text: 'The order is rejected, so it was not moved.',
    });
    expect(await press('orders/x', { status: 'COMPLETED' })).toMatchObject({ failed: true });
    const template = sandbox.data.orders.find(
      ({ type, status, id: own }) => type === 'TEMPLATE' && status === 'RECEIVED' && own,
    );
    expect(await buttons(template?.id)).toEqual(['Complete', 'Reject']);
    expect(await press(`orders/${template?.id}`, { status: 'ORDER_SUBMITTED' })).toMatchObject({
      failed: true,
    });
  });

  it('tell when they expire, as long as they can', async () => {
    const before = Math.floor(sandbox.clock.now() / 60_000) * 60_000;
    const id = await place();
    const told = async () => {
      const row = rowsOf((await visit(sandbox, `${UI}/orders`)).body).find((one) => one.includes(id)) ?? '';
      const [, at] = /expires <span class="when">([0-9-]+ [0-9:]+) UTC</.exec(row) ?? [];
      return at && Date.parse(`${at.replace(' ', 'T')}Z`) - 14 * 86_400_000;
    };
    expect(await told()).toBeGreaterThanOrEqual(before);
    expect(await told()).toBeLessThanOrEqual(sandbox.clock.now());
    await press(`orders/${id}`, { status: 'ORDER_SUBMITTED' });
    expect(await told()).toBeUndefined();
  });

  it('come in pages, newest first', async () => {
    await using own = await startSandbox({ latencyMs: 0 });
    const auth = await signIn(own);
    const made: string[] = [];
    for (let count = 0; count < 60; count++) made.unshift((await order(own, auth)).json.prefilledOrderId);
    const idsOn = async (page: number) =>
      rowsOf((await visit(own, `${UI}/orders?page=${page}`)).body).map(
        (row) => /[0-9a-f-]{36}/.exec(row)?.[0],
      );
    expect(await idsOn(1)).toEqual(made.slice(0, 50));
    expect((await idsOn(2)).slice(0, 10)).toEqual(made.slice(50));
  });
});

describe('the clock', () => {
  it('is told to go one way', async () => {
    const { body } = await visit(sandbox, '/_sandbox');
    expect(body).toMatch(/\+14 days<\/button>\s*<p class="hint">The clock cannot go back: only a restart /);
  });

  it.each([1, 14])('goes ahead by %d days', async (days) => {
    const before = sandbox.clock.now();
    await press('clock', { days: String(days), back: `${UI}/orders` });
    expect(sandbox.clock.now() - before).toBeGreaterThanOrEqual(days * 86_400_000);
    expect(sandbox.clock.now() - before).toBeLessThan(days * 86_400_000 + 60_000);
  });

  it('goes nowhere else', async () => {
    const before = sandbox.clock.now();
    for (const days of ['', '0', '-14', '9e99', 'x'])
      expect((await press('clock', { days })).failed).toBe(true);
    expect(sandbox.clock.now() - before).toBeLessThan(60_000);
  });
});

describe('faults', () => {
  it('come in pages of 50 faults, each shown in short', async () => {
    await using own = await startSandbox({ latencyMs: 0 });
    const ids = Array.from({ length: 60 }, () => own.fault({ body: 'x'.repeat(5_000) }));
    const first = rowsOf((await visit(own, `${UI}/faults`)).body);
    expect(first).toHaveLength(50);
    expect(first[0]).toContain('xxx…<');
    expect(first[0]?.length).toBeLessThan(2_000);
    const { body } = await visit(own, `${UI}/faults?page=2`);
    expect(rowsOf(body).map((row) => row.split('<')[0])).toEqual(ids.slice(50));
    expect(body).toContain('<input type="hidden" name="back" value="/_sandbox/ui/faults?page=2">');
    expect(body).toContain(`href="${UI}/faults?page=1"`);
  });

  it('are listed, and faults are ended one by one or all', async () => {
    await using own = await startSandbox({ latencyMs: 0 });
    const auth = await signIn(own);
    const route = 'GET /management/v1/sales-units';
    const body = '<script>"</script>';
    const ids = [own.fault({ route, status: 503, body, times: 5 }), own.fault({ route, hang: true })];
    await send(own, 'GET', '/management/v1/sales-units', { headers: auth }).catch(() => undefined);
    const page = await visit(own, `${UI}/faults`);
    const [first = '', second = ''] = rowsOf(page.body);
    expect(page.body).not.toContain('<script');
    expect(first).toContain('data-name="Happened">1<');
    expect(first).toContain('data-name="Left">4<');
    expect(second).toContain('data-name="Left">for ever<');
    await submit(own, `${UI}/faults/${ids[0]}/end`);
    expect(rowsOf((await visit(own, `${UI}/faults`)).body)).toHaveLength(1);
    await submit(own, `${UI}/faults/end`);
    expect(rowsOf((await visit(own, `${UI}/faults`)).body)).toEqual([]);
  });
});

it('goes back to its own pages only', async () => {
  for (const back of [
    'https://evil.example/',
    '//evil.example',
    '/_sandbox/../x',
    '/_sandbox\\evil',
    '/portal/x',
  ]) {
    const { location } = await submit(sandbox, `${UI}/faults/end`, { back });
    expect(location).toMatch(/^\/_sandbox\?notice=/);
  }
});
