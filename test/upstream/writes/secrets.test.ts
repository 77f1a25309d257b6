import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openSqliteIdempotencyStore } from '../../../src/store/sqlite-idempotency.ts';
import { startTestGateway } from '../../support/gateway.ts';
import { POST, PREFILL, smallest } from './ordering.ts';

const PASSWORD = 'canary-password';
const ACCOUNT = '98765432109';

const website = {
  url: 'https://example.com',
  termsUrl: 'https://example.com/terms',
  testWebsiteUrl: 'https://example.com/test',
  testWebsitePassword: PASSWORD,
};
const input = { ...smallest, website, settlementBankAccount: { scheme: 'BBAN:NO', value: ACCOUNT } };

const echo = { type: 'x', title: PASSWORD, status: 400, detail: ACCOUNT, instance: 'x' };
const faults: [what: string, fault: object][] = [
  ['no fault', {}],
  ['a 400', { status: 400 }],
  ['a 400 that names fields', { status: 400, body: { ...echo, title: 'x', detail: 'y' } }],
  ['a 400 that quotes what was sent', { status: 400, body: echo }],
  ['a 500 that quotes what was sent', { status: 500, body: { ...echo, status: 500 } }],
  ['a 401', { status: 401 }],
  ['a 403', { status: 403 }],
  ['a 409', { status: 409 }],
  ['a 429', { status: 429 }],
  ['a 500', { status: 500 }],
  ['no response', { hang: true }],
  ['a broken connection', { reset: 'beforeHeaders' }],
  ['a response that is not JSON', { status: 201, body: `{"x": "${PASSWORD}` }],
  ['a response that is not an order', { status: 201, body: { testWebsitePassword: PASSWORD } }],
];

const operations: [what: string, query: string, variables?: object][] = [
  ['as it should be', PREFILL, { input }],
  ['again with its key and another input', PREFILL, { input: { ...input, idempotencyKey: 'k' } }],
  ['again with its key', PREFILL, { input: { ...input, idempotencyKey: 'k', salesUnitName: 'x' } }],
  [
    'breaking rules',
    PREFILL,
    { input: { ...input, salesUnitName: '&', settlementBankAccount: { scheme: 'x', value: `${ACCOUNT}x` } } },
  ],
  [
    'of the wrong type',
    PREFILL,
    { input: { ...input, website: { ...website, testWebsitePassword: [PASSWORD, 1] } } },
  ],
  ['in the wrong place', PREFILL, { input: { ...input, annualTurnover: PASSWORD, app: { appName: 1 } } }],
  ['not an input at all', PREFILL, { input: PASSWORD }],
  [
    'in the document',
    `mutation { prefillProductOrder(input: {productType: "${PASSWORD}", annualTurnover: "${ACCOUNT}"}) { prefillUrl } }`,
  ],
  [
    'in a document that ends too early',
    `mutation { prefillProductOrder(input: {productType: LOGIN, website: "${PASSWORD}" "`,
  ],
  [
    'as the name of an enum value',
    `mutation { prefillProductOrder(input: {productType: ${PASSWORD.replace('-', '_')}}) { prefillUrl } }`,
  ],
];

it.each(operations)(
  'writes no secret to the client, the log or the disk: %s',
  async (_what, query, variables) => {
    const folder = mkdtempSync(join(tmpdir(), 'outcomes-'));
    const outcomes = await openSqliteIdempotencyStore({ file: join(folder, 'outcomes.sqlite') });
    await using gateway = await startTestGateway({
      env: { LOG_LEVEL: 'trace', UPSTREAM_TIMEOUT_MS: '60', REQUEST_DEADLINE_MS: '1000' },
      outcomes,
    });
    const said: unknown[] = [];
    let reached = 0;
    for (const [, fault] of faults) {
      gateway.sandbox.clearFaults();
      if (Object.keys(fault).length > 0) gateway.sandbox.fault({ route: POST, ...fault });
      said.push(await gateway.query(query, variables));
      reached = gateway.sandbox.stats().calls[POST] ?? 0;
    }
    await gateway.client.settled();
    const everything = [
      JSON.stringify(said),
      JSON.stringify(gateway.logs),
      ...readdirSync(folder).map((file) => readFileSync(join(folder, file)).toString('latin1')),
    ].join('\n');
    rmSync(folder, { recursive: true });
    // Without log lines and sent orders, the test would prove nothing.
    expect(gateway.logs.length).toBeGreaterThanOrEqual(faults.length);
    if (_what === 'as it should be') expect(reached).toBeGreaterThan(faults.length);
    for (const secret of [PASSWORD, PASSWORD.replace('-', '_'), ACCOUNT, gateway.sandbox.keys.clientSecret])
      expect(everything).not.toContain(secret);
  },
);
