import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Sandbox, startSandbox } from '../../../src/sandbox/server.ts';
import { type ApiHeaders, send, signIn, standardHeaders } from '../client.ts';
import { details, order } from '../ordering.ts';
import { press, visit } from '../page-client.ts';

let sandbox: Sandbox;
let headers: ApiHeaders;
beforeAll(async () => {
  sandbox = await startSandbox({ latencyMs: 0 });
  headers = await signIn(sandbox);
});
afterAll(() => sandbox.close());

const UNITS = '/management/v1/sales-units';
const prepare = async () => {
  const { json } = await order(sandbox, headers);
  sandbox.fault({ route: 'GET /management/v1/partners/price-packages', status: 503 });
  sandbox.revokeKeys('merchant');
  sandbox.setPolicy({ lateDeleteStatus: 409 });
  return json.prefilledOrderId;
};
/** Whether it stayed, of each thing that a button may forget. */
const whatStayed = async (id: string) => ({
  counts: Object.keys(sandbox.stats().calls).length > 0,
  faults: sandbox.faults().length > 0,
  order: (await details(sandbox, headers, id)).status === 200,
  token: (await send(sandbox, 'GET', UNITS, { headers })).status === 200,
  policy: sandbox.policy.lateDeleteStatus === 409,
  revokedKeys:
    (await send(sandbox, 'POST', '/accesstoken/get', { headers: standardHeaders(sandbox.callers.merchant) }))
      .status !== 200,
});

it('resets counts, faults and keys by a button, and nothing else', async () => {
  const id = await prepare();
  expect(await press(sandbox, 'reset')).toMatchObject({
    text: 'Counts and calls were cleared, all faults have ended, and all keys are valid.',
    failed: false,
    location: expect.stringMatching(/^\/_sandbox\?notice=/),
  });
  expect(await whatStayed(id)).toEqual({
    counts: false,
    faults: false,
    order: true,
    token: true,
    policy: true,
    revokedKeys: false,
  });
});

it('resets the data by a button, and nothing else', async () => {
  const id = await prepare();
  sandbox.deactivateUnit(sandbox.data.msns[5] ?? '');
  const units = async () => (await send(sandbox, 'GET', UNITS, { headers })).json.length;
  const fewer = await units();
  expect(await press(sandbox, 'state/reset')).toMatchObject({
    text: 'The data is as it was at the start.',
    failed: false,
  });
  expect(await whatStayed(id)).toEqual({
    counts: true,
    faults: true,
    order: false,
    token: true,
    policy: true,
    revokedKeys: true,
  });
  expect(await units()).toBe(fewer + 1);
});

it('tells beside each button what stays', async () => {
  const { body } = await visit(sandbox, '/_sandbox');
  const forms = [...body.matchAll(/action="\/_sandbox\/ui\/((?:state\/)?reset)">(.*?)<\/form>/gs)];
  expect(forms.map(([, path]) => path)).toEqual(['reset', 'state/reset']);
  const [counts, data] = forms.map(([, , text]) => text);
  expect(counts).toMatch(/Reset counts and faults<.*Data, tokens, policies and the clock stay\./s);
  expect(data).toMatch(/Reset data<.*tokens, counts, faults, policies and the clock stay\./s);
});
