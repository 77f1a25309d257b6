import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Sandbox, startSandbox } from '../../../src/sandbox/server.ts';
import { send, signIn } from '../client.ts';
import { rowsOf, submit, visit } from '../page-client.ts';

const PATH = '/_sandbox/ui/faults';
const UNITS = 'GET /management/v1/sales-units';
let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox({ latencyMs: 0 });
});
afterEach(() => sandbox.clearFaults());
afterAll(() => sandbox.close());

/** What a browser sends of the form: each field, filled in or not. */
const form = (fields: Record<string, string> = {}) => ({
  route: '',
  tenant: '',
  kind: '503',
  retryAfter: '10',
  delayMs: '2000',
  times: '1',
  ...fields,
});
const faults = () => sandbox.faults().map(({ fault }) => fault);

describe('the form of the faults page', () => {
  it.each([
    ['429', { status: 429, retryAfter: 10 }],
    ['500', { status: 500 }],
    ['503', { status: 503 }],
    ['401', { status: 401 }],
    ['hang', { hang: true }],
    ['reset', { reset: 'beforeHeaders' }],
    ['delay', { delayMs: 2000 }],
  ])('adds the fault %s', async (kind, fault) => {
    const { status, location } = await submit(sandbox, PATH, form({ kind }));
    expect([status, location]).toEqual([303, expect.stringContaining(`${PATH}?notice=`)]);
    expect(faults()).toEqual([{ route: '*', times: 1, ...fault }]);
    const { body } = await visit(sandbox, location ?? '');
    expect(body).toContain(`>Fault ${sandbox.faults()[0]?.id} was added.<`);
    expect(rowsOf(body)).toHaveLength(1);
  });

  it('adds it for one route and caller, for ever when no number is given, and it happens', async () => {
    await submit(
      sandbox,
      PATH,
      form({ route: UNITS, tenant: 'partner', kind: '429', retryAfter: ' 7 ', times: '' }),
    );
    expect(faults()).toEqual([{ route: UNITS, tenant: 'partner', status: 429, retryAfter: 7 }]);
    const headers = await signIn(sandbox);
    const { status, headers: got } = await fetch(`${sandbox.url}/management/v1/sales-units`, { headers });
    expect([status, got.get('retry-after')]).toEqual([429, '7']);
    expect((await send(sandbox, 'GET', '/management/v1/partners/price-packages', { headers })).status).toBe(
      200,
    );
  });

  it('offers every route and caller', async () => {
    const { body } = await visit(sandbox, PATH);
    const choicesOf = (name: string) => {
      const [, inside = ''] = new RegExp(`<select id="${name}"[^>]*>(.*?)</select>`, 's').exec(body) ?? [];
      return [...inside.matchAll(/<option value="([^"]*)"/g)].map(([, value]) => value);
    };
    expect(choicesOf('tenant')).toEqual(['', ...Object.keys(sandbox.callers)]);
    const routes = choicesOf('route');
    expect(routes).toEqual(expect.arrayContaining(['', UNITS, 'POST /accesstoken/get']));
    for (const route of routes.slice(1)) sandbox.fault({ route: route ?? '', status: 503 });
  });

  it.each([
    ['route', 'GET /nowhere', {}, 'Unknown route.'],
    ['tenant', 'nobody', {}, 'Unknown caller.'],
    ['kind', 'earthquake', {}, 'Choose what happens.'],
    ['kind', '', {}, 'Choose what happens.'],
    ['retryAfter', 'soon', { kind: '429' }, 'Must be a whole number from 0.'],
    ['delayMs', '-5', { kind: 'delay' }, 'Must be a whole number from 0.'],
    ['delayMs', '99999999999', { kind: 'delay' }, '&#34;delayMs&#34; must be a number of milliseconds.'],
    ['times', '0', {}, 'Must be a whole number from 1.'],
    ['times', '"><b>', {}, 'Must be a whole number from 1.'],
  ])(
    'tells at the field that %s cannot be %j, and keeps what was written',
    async (name, value, rest, text) => {
      const { status, body } = await submit(
        sandbox,
        PATH,
        form({ tenant: 'merchant', times: '42', ...(rest as object), [name]: value }),
      );
      expect(status).toBe(422);
      expect(faults()).toEqual([]);
      expect(new RegExp(`id="${name}-wrong">([^<]*)<`).exec(body)?.[1]).toBe(text);
      expect(body.match(/-wrong">/g)).toHaveLength(1);
      expect(body).toMatch(
        new RegExp(`name="${name}"[^>]* aria-describedby="[^"]*${name}-wrong" aria-invalid="true"`),
      );
      expect(body).toContain('role="alert"');
      if (name !== 'tenant') expect(body).toContain('<option value="merchant" selected>');
      if (name !== 'times') expect(body).toMatch(/name="times"[^>]* value="42"/);
      const chosen = [...body.matchAll(/type="radio" name="kind" value="(\w+)" checked/g)].map(
        ([, kind]) => kind,
      );
      if (name !== 'kind') expect(chosen).toEqual([{ kind: '503', ...(rest as object) }.kind]);
      expect(body).not.toContain('"><b>');
    },
  );

  it('tells every mistake at once', async () => {
    const { body } = await submit(sandbox, PATH, { route: 'x', tenant: 'x', times: 'x' });
    expect([...body.matchAll(/id="(\w+)-wrong"/g)].map(([, name]) => name)).toEqual([
      'route',
      'tenant',
      'kind',
      'times',
    ]);
  });

  it('does not mind the number of a choice that was not made', async () => {
    expect((await submit(sandbox, PATH, form({ kind: '500', retryAfter: 'x', delayMs: '' }))).status).toBe(
      303,
    );
  });
});

it('shows the route of a fault of every route', async () => {
  sandbox.fault({ status: 503 });
  const [row] = rowsOf((await visit(sandbox, PATH)).body);
  expect(row).toContain('data-name="Route"><code>*</code>');
});
