import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Fault } from '../../../src/sandbox/faults/fault.ts';
import type { Sandbox } from '../../../src/sandbox/server.ts';
import { startSandbox } from '../../../src/sandbox/server.ts';
import type { ApiHeaders } from '../client.ts';
import { control, signIn } from '../client.ts';

const LIST = '/management/v1/sales-units';
let sandbox: Sandbox;
let headers: ApiHeaders;

const list = () => fetch(sandbox.url + LIST, { headers });
const faultList = (fault: Omit<Fault, 'route'>) => sandbox.fault({ route: `GET ${LIST}`, ...fault });

beforeAll(async () => {
  sandbox = await startSandbox({ units: 20, latencyMs: 0 });
  headers = await signIn(sandbox);
});
beforeEach(() => sandbox.reset());
afterAll(() => sandbox.close());

describe('the form of an error', () => {
  const problem = { type: expect.any(String), title: 'Bad Gateway', detail: expect.any(String) };
  it.each([
    [
      'problem',
      'application/problem+json',
      { ...problem, status: 502, extraDetails: [{ name: 'fault', reason: 'comes from a fault.' }] },
    ],
    [
      'problemKeyValue',
      'application/problem+json',
      { ...problem, status: 502, extraDetails: [{ key: 'CustomErrorCode', value: '9000' }] },
    ],
    ['problemStatusText', 'application/problem+json', { ...problem, status: '502' }],
    ['gateway', 'application/json', { statusCode: 502, message: 'Bad Gateway' }],
    [
      'gatewayOpaque',
      'application/json',
      {
        responseInfo: { responseCode: 502, responseMessage: expect.any(String) },
        result: { message: expect.any(String) },
      },
    ],
  ] as const)('is %s', async (bodyShape, contentType, body) => {
    faultList({ status: 502, bodyShape });
    const response = await list();
    expect([response.status, response.headers.get('content-type')]).toEqual([502, contentType]);
    expect(await response.json()).toMatchObject(body);
  });

  it('is a page of a proxy, with a good status as well', async () => {
    faultList({ status: 200, bodyShape: 'html' });
    const response = await list();
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/html']);
    expect(await response.text()).toContain('<h1>200 OK</h1>');
  });

  it('is nothing at all', async () => {
    faultList({ status: 500, bodyShape: 'empty' });
    const response = await list();
    expect([response.status, response.headers.get('content-type')]).toEqual([500, null]);
    expect(await response.text()).toBe('');
  });
});

it.each([
  [0, '0'],
  [120, '120'],
  ['Wed, 21 Oct 2026 07:28:00 GMT', 'Wed, 21 Oct 2026 07:28:00 GMT'],
  ['soon; -1, NaN', 'soon; -1, NaN'],
])('tells to retry after %j', async (retryAfter, sent) => {
  faultList({ status: 429, retryAfter });
  const response = await list();
  expect(response.headers.get('retry-after')).toBe(sent);
  expect(await response.json()).toMatchObject({ statusCode: 429 });
});

describe('edits', () => {
  const edited = async (...patch: NonNullable<Fault['patch']>) => {
    faultList({ patch, times: 1 });
    return (await list()).json();
  };

  it('happen to every item of a list', async () => {
    const right = (await (await list()).json()) as object[];
    expect(await edited({ path: ['*', 'name'], value: 7 })).toEqual(
      right.map((row) => ({ ...row, name: 7 })),
    );
    expect(await edited({ path: ['*', 'name'], remove: true })).toEqual(
      right.map((row) => ({ msn: (row as { msn: string }).msn })),
    );
    const { msn } = right[1] as { msn: string };
    const changed = right.map((row, at) => (at === 1 ? { msn, name: 'x' } : row));
    expect(await edited({ path: [1, 'name'], value: 'x' })).toEqual(changed);
    expect(await edited({ path: ['*'], value: null })).toEqual(right.map(() => null));
    expect(await edited({ path: ['*'], remove: true })).toEqual([]);
    expect(await edited({ path: [], value: {} })).toEqual({});
  });

  it('leave a list as it is where they name no item of it', async () => {
    const right = (await (await list()).json()) as object[];
    expect(await edited({ path: ['1'], value: 7 }, { path: ['0'], remove: true })).toEqual([
      7,
      ...right.slice(2),
    ]);
    for (const key of ['20', '4294967294', 'length', '-1', '01', '1.5', '']) {
      expect(await edited({ path: [key], value: 5 })).toEqual(right);
      expect(await edited({ path: [key], remove: true })).toEqual(right);
      expect(await edited({ path: [key, 'name'], value: 5 })).toEqual(right);
    }
  });

  it('take a star for a name where there is no list', async () => {
    sandbox.fault({ route: `GET ${LIST}/{msn}`, patch: [{ path: ['configuration', '*'], value: 1 }] });
    const response = await fetch(`${sandbox.url}${LIST}/${sandbox.data.msns[0]}`, { headers });
    expect(await response.json()).toMatchObject({ msn: sandbox.data.msns[0], configuration: { '*': 1 } });
  });
});

it('is not made of what JSON cannot say', () => {
  const circle: { own?: object } = {};
  circle.own = circle;
  for (const body of [{ amount: 1n }, circle]) {
    expect(() => faultList({ body })).toThrow('A fault must be JSON');
  }
});

describe('faults that make no sense', () => {
  const DRIP = { bytes: 1, everyMs: 1 };
  it.each([
    [{ hang: true, status: 500 }, '"hang" and "status" cannot be combined'],
    [{ hang: true, delayMs: 5 }, '"hang" and "delayMs" cannot be combined'],
    [{ hang: true, reset: 'midBody' }, '"hang" and "reset" cannot be combined'],
    [{ reset: 'beforeHeaders', body: 'x' }, '"reset": "beforeHeaders" and "body" cannot be combined'],
    [{ reset: 'midBody', drip: DRIP }, '"reset": "midBody" and "drip" cannot be combined'],
    [{ truncate: true, huge: 5 }, '"truncate" and "huge" cannot be combined'],
    [{ body: 'x', patch: [] }, '"body" and "patch" cannot be combined'],
    [{ status: 500, body: 'x', bodyShape: 'html' }, '"body" and "bodyShape" cannot be combined'],
    [{ bodyShape: 'html' }, '"bodyShape" requires "status"'],
    [{ status: 200, bodyShape: 'gateway' }, '"status" must be 400 or higher'],
    [{ status: 500, bodyShape: 'html', patch: [] }, '"patch" edits JSON'],
    [{ retryAfter: 5 }, '"retryAfter" requires a "status" of 300 or higher'],
    [{ status: 429, retryAfter: 5, headers: { 'RETRY-AFTER': '6' } }, '"retryAfter" and a Retry-After'],
    [{ contentType: 'a/b', headers: { 'Content-Type': 'c/d' } }, '"contentType" and a Content-Type'],
    [{ status: 204, body: 'x' }, 'A response with status 204 has no body.'],
    [{ status: 204, chunked: true }, 'A response with status 204 has no body.'],
    [{ status: 304, stallAfterHeaders: 5 }, 'A response with status 304 has no body.'],
    [{ status: 204, truncate: true }, 'A response with status 204 has no body.'],
    [{ status: 204, patch: [{ path: ['a'], value: 1 }] }, 'A response with status 204 has no body.'],
    [{}, 'A fault must have an effect. Set at least one of: status, contentType, body,'],
    [{ route: `GET ${LIST}`, tenant: 'partner', path: LIST }, 'A fault must have an effect.'],
    [{ times: 1 }, 'A fault must have an effect.'],
    [{ rate: 0.5 }, 'A fault must have an effect.'],
    [{ work: true }, 'A fault must have an effect.'],
    [{ delayMs: 0 }, 'A fault must have an effect.'],
    [{ stallAfterHeaders: 0 }, 'A fault must have an effect.'],
    [{ headers: {} }, 'A fault must have an effect.'],
    [{ patch: [] }, 'A fault must have an effect.'],
    [{ rate: 0, status: 500 }, '"rate" must be a number above 0, up to 1.'],
    [{ work: false, delayMs: 5 }, '"work": false requires'],
    [{ work: false, reset: 'midBody' }, '"work": false requires'],
    [{ route: `GET ${LIST}`, path: '/management/v1/merchants' }, '"path" does not match the route'],
    [{ path: `${LIST}?a=b` }, '"path" must be a path without a query string'],
    [{ tenant: 'nobody' }, '"tenant" must be one of: partner, management'],
    [{ headers: { a: 'line\nbreak' } }, '"headers" must be'],
    [{ headers: { 'a b': 'c' } }, '"headers" must be'],
    [{ headers: ['a'] }, '"headers" must be'],
    [{ contentType: 'a\r\nb: c' }, '"contentType" must be'],
    [{ status: 429, retryAfter: '\n' }, '"retryAfter" must be'],
    [{ drip: { bytes: 0, everyMs: 1 } }, '"drip" must be'],
    [{ drip: { ...DRIP, more: 1 } }, '"drip" must be'],
    [{ huge: 2 ** 31 + 1 }, '"huge" must be'],
    [{ work: 1 }, '"work" must be true or false'],
    [{ patch: [{ path: ['a'], value: 1, remove: true }] }, '"patch" must be'],
    [{ patch: [{ path: [-1], value: 1 }] }, '"patch" must be'],
    [{ patch: [{ path: [0.5], value: 1 }] }, '"patch" must be'],
    [{ patch: [{ path: [null], value: 1 }] }, '"patch" must be'],
    [{ patch: [{ path: [], remove: true }] }, '"patch" must be'],
    // Node refuses the first of these together with a length, in the middle of a call; the others break the framing.
    [{ headers: { Trailer: 'Expires' } }, '"headers" cannot contain Trailer'],
    [{ headers: { 'transfer-encoding': 'chunked' } }, '"headers" cannot contain transfer-encoding'],
    [{ headers: { 'Content-Length': '5' } }, '"headers" cannot contain Content-Length'],
  ])('are refused: %j', async (fault, message) => {
    const { status, json } = await control(sandbox, 'POST', 'faults', fault);
    expect([status, json.message]).toEqual([400, expect.stringContaining(message)]);
    expect(sandbox.faults()).toEqual([]);
  });

  it.each([
    [{ status: 200 }],
    [{ contentType: '' }],
    [{ body: '' }],
    [{ body: {} }],
    [{ headers: { a: 'b' } }],
    [{ delayMs: 0.5 }],
    [{ chunked: true }],
    [{ drip: DRIP }],
    [{ huge: 1 }],
    [{ hang: true }],
    [{ reset: 'midBody' }],
    [{ truncate: true }],
    [{ status: 500, headers: {}, delayMs: 0, patch: [] }],
  ])('are not those that do something: %j', async (fault) => {
    expect((await control(sandbox, 'POST', 'faults', fault)).status).toBe(201);
  });
});
