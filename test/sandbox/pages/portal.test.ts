import { afterAll, describe, expect, it } from 'vitest';
import { control, send } from '../client.ts';
import { submit, visit } from '../page-client.ts';
import { startPortal } from './start-portal.ts';

const { sandbox, headers, rest, place, stateOf } = await startPortal();
afterAll(() => sandbox.close());

describe('opening the link', () => {
  it('moves the order to MERCHANT_VIEWED, once', async () => {
    const { id, path } = await place();
    expect((await visit(sandbox, path)).status).toBe(200);
    expect(await stateOf(id)).toBe('MERCHANT_VIEWED');
    expect((await visit(sandbox, path)).status).toBe(200);
  });

  it.each([
    ['HEAD', {}],
    ['GET', { 'Sec-Purpose': 'prefetch' }],
    ['GET', { 'Sec-Purpose': 'prefetch;prerender' }],
    ['GET', { Purpose: 'prefetch' }],
  ])('does not, when nobody looks: %s %j', async (method, ahead) => {
    const { id, path } = await place();
    expect((await visit(sandbox, path, ahead as Record<string, string>, method)).status).toBe(200);
    expect(await stateOf(id)).toBe('RECEIVED');
  });

  it('is not counted as a call', async () => {
    const { path } = await place();
    const before = sandbox.stats();
    await visit(sandbox, path);
    await visit(sandbox, '/portal/register/prefilled/nothing');
    await submit(sandbox, path);
    expect(sandbox.stats()).toEqual(before);
  });

  it('keeps everything away from caches, scripts and frames', async () => {
    const { headers: got, body } = await visit(sandbox, (await place()).path);
    expect(got.get('content-security-policy')).toMatch(
      /^default-src 'none'; style-src 'sha256-[^']{44}'; img-src data:; form-action 'self'; frame-ancestors 'none'; base-uri 'none'$/,
    );
    expect(got.get('cache-control')).toBe('no-store');
    expect(got.get('x-content-type-options')).toBe('nosniff');
    expect(got.get('referrer-policy')).toBe('same-origin');
    expect(body).toContain('This is a simulation.');
    expect(body).not.toMatch(/<script|<iframe|style="|javascript:|https?:\/\/(?!example)[^"<]*"/);
  });
});

describe('a business without an agreement', () => {
  it('signs first, once for all of its orders, and again after the state is reset', async () => {
    const business = { businessIdentifier: { scheme: 'business:FI:Y-tunnus', id: '0112038-9' } };
    const [one, two] = [await place(business), await place(business)];
    expect((await visit(sandbox, one.path)).body).toContain('Sign the Merchant Agreement');
    // A form that is sent all the same submits nothing.
    expect(await submit(sandbox, one.path, rest())).toMatchObject({ status: 303, location: one.path });
    expect(await stateOf(one.id)).toBe('MERCHANT_VIEWED');
    const signed = await submit(sandbox, `${one.path}/agreement`);
    expect(signed).toMatchObject({ status: 303, location: one.path });
    for (const { path } of [one, two])
      expect((await visit(sandbox, path)).body).toContain('Submit the order');
    await control(sandbox, 'POST', 'state/reset');
    expect((await visit(sandbox, (await place(business)).path)).body).toContain(
      'Sign the Merchant Agreement',
    );
  });

  it('is one as well when its merchant is deactivated', async () => {
    const businessIdentifier = sandbox.data.hidden.deactivatedMerchant;
    expect((await visit(sandbox, (await place({ businessIdentifier })).path)).body).toContain(
      'Sign the Merchant',
    );
  });
});

it('leaves the API untouched: its answers still come as before', async () => {
  expect((await send(sandbox, 'GET', '/management/v1/sales-units', { headers })).status).toBe(200);
});
