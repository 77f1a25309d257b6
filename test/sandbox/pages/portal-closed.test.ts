import { afterAll, describe, expect, it } from 'vitest';
import { startSandbox } from '../../../src/sandbox/server.ts';
import { signIn } from '../client.ts';
import { deleteOrder, order } from '../ordering.ts';
import { submit, visit } from '../page-client.ts';
import { startPortal } from './start-portal.ts';

const { sandbox, headers, rest, place, stateOf, move } = await startPortal();
afterAll(() => sandbox.close());

describe('an order that is not open', () => {
  it.each([
    ['ORDER_SUBMITTED', 'The order is submitted'],
    ['COMPLETED', 'The order is completed'],
    ['REJECTED', 'The order was rejected'],
  ])('shows that it is %s, without a form', async (status, title) => {
    const { id, path } = await place();
    await move(id, status);
    const { status: answered, body } = await visit(sandbox, path);
    expect([answered, body]).toEqual([200, expect.stringContaining(`<h1>${title}</h1>`)]);
    expect(body.match(/<dt>Sales unit<\/dt><dd>Kaffebar Nord<\/dd>/g)).toHaveLength(1);
    expect(body).not.toContain('<form');
    expect((await submit(sandbox, path, rest())).body).toContain(title);
    expect(await stateOf(id)).toBe(status);
  });

  it('is an error when it is expired, deleted, unknown or was not made by prefill', async () => {
    await using own = await startSandbox({ latencyMs: 0, tokenLifetimeSeconds: 1e9 });
    const auth = await signIn(own);
    const made = await order(own, auth);
    const path = new URL(made.json.prefillUrl).pathname;
    own.clock.advance(14 * 86_400_000);
    expect(await visit(own, path)).toMatchObject({ status: 410, body: expect.stringContaining('expired') });
    expect((await submit(own, `${path}/agreement`)).status).toBe(410);
    const deleted = await place();
    await deleteOrder(sandbox, headers, deleted.id);
    const manual = sandbox.data.orders.find(({ type, id }) => type === 'MANUAL' && id)?.id;
    const base = '/portal/register/prefilled';
    for (const gone of [deleted.path, `${base}/${manual}`, `${base}/x`, '/portal/other']) {
      expect((await visit(sandbox, gone)).status).toBe(404);
    }
    expect((await visit(sandbox, `${base}/%zz`)).status).toBe(400);
    const wrong = await visit(sandbox, deleted.path, {}, 'DELETE');
    expect([wrong.status, wrong.headers.get('allow')]).toEqual([405, 'GET, HEAD, POST']);
  });
});
