import type { Fault } from '../../src/sandbox/faults/fault.ts';
import { graphqlRequest, type Row, type TestContext } from '../test-context.ts';

// A33: every way to fail, with secrets in everything.

const PASSWORD = 'cAnArY-password-of-a-test-site';
const ACCOUNT = '86011117947';
const POST = 'POST /management/v1/product-orders';
const LIST = 'GET /management/v1/sales-units';
const UNIT = 'GET /management/v1/sales-units/{msn}';

const problem = {
  type: 'x',
  title: PASSWORD,
  status: 400,
  detail: ACCOUNT,
  instance: `client_secret=${PASSWORD}`,
};
const faults: readonly Omit<Fault, 'route'>[] = [
  {},
  ...[400, 401, 403, 404, 409, 429, 500, 503].map((status) => ({ status })),
  // Only for orders: the words of the upstream are for the log, but for what the order itself had said.
  { status: 400, body: problem },
  { status: 500, body: problem },
  { status: 200, body: `{"x": "${PASSWORD}` },
  { status: 200, body: `<html>${PASSWORD} ${ACCOUNT}</html>`, contentType: 'text/html' },
  { status: 200, body: { testWebsitePassword: PASSWORD } },
  { reset: 'beforeHeaders' },
  { reset: 'midBody' },
];
const website = {
  url: 'https://example.com',
  termsUrl: 'https://example.com/terms',
  testWebsiteUrl: 'https://example.com/test',
  testWebsiteUsername: 'somebody',
  testWebsitePassword: PASSWORD,
};
const input = {
  businessIdentifier: { scheme: 'business:NO:ORG', value: '123456785' },
  productType: 'LOGIN',
  website,
  settlementBankAccount: { scheme: 'BBAN:NO', value: ACCOUNT },
};
const prefill = `mutation ($input: PrefillProductOrderInput!) { prefillProductOrder(input: $input) {
  prefillUrl idempotencyKey productOrder { status } userErrors { code message } hints { code message } } }`;
const inputs: readonly unknown[] = [
  input,
  { ...input, salesUnitName: '&' },
  { ...input, website: { ...website, testWebsitePassword: [PASSWORD, 1] } },
  { ...input, settlementBankAccount: { scheme: 'x', value: `${ACCOUNT}x` } },
  { ...input, annualTurnover: PASSWORD },
  { ...input, [PASSWORD]: 1 },
  PASSWORD,
];
const texts = [
  `mutation { prefillProductOrder(input: { productType: "${PASSWORD}", annualTurnover: "${ACCOUNT}" }) { prefillUrl } }`,
  `{ salesUnit(msn: "${PASSWORD}") { name } }`,
  `{ salesUnits(first: "${PASSWORD}") { totalCount } }`,
  `{ salesUnits(orderBy: { field: "${PASSWORD}" }) { totalCount } }`,
  `{ node(id: "${PASSWORD}") { id } } "${PASSWORD}`,
  `{ salesUnits(after: "${PASSWORD}") { totalCount } }`,
];

export const secretRows: readonly Row[] = [
  { id: 'A33', what: 'secrets in every kind of failure', run: secrets },
];

async function secrets({ target, send, check }: TestContext): Promise<void> {
  const { fixture, adminUrl } = target;
  const { sandbox } = fixture;
  const before = fixture.secrets.found.length;
  fixture.secrets.add(PASSWORD, ACCOUNT);
  let failures = 0;
  const ask = async (query: string, variables?: unknown) => {
    const { text } = await send(graphqlRequest(target, query, variables, 'partner'));
    if (text.includes('"errors"')) failures++;
  };
  for (const fault of faults) {
    sandbox.clearFaults();
    if (Object.keys(fault).length > 0)
      for (const route of fault.body === problem ? [POST] : [POST, LIST, UNIT])
        sandbox.fault({ ...fault, route });
    for (const one of inputs) await ask(prefill, { input: one });
    const msn = 1_000_000 + failures;
    await ask(
      `{ salesUnit(msn: "${msn}") { name } salesUnits(first: 2) { nodes { name configuration { captureType } } } }`,
    );
  }
  sandbox.clearFaults();
  for (const text of texts) await ask(text);
  sandbox.fault({ route: POST, hang: true, times: 1 });
  await ask(prefill, { input });
  sandbox.clearFaults();
  check('there were failures', failures > faults.length, failures);
  for (const path of ['/livez', '/readyz', '/metrics', '/'])
    fixture.secrets.look('the admin port', await fetch(adminUrl + path).then((answer) => answer.text()));
  fixture.secrets.look('stdout', target.process.stdout);
  fixture.secrets.look('stderr', target.process.stderr);
  check('the log says something', target.process.stdout.length > 10_000, target.process.stdout.length);
  const found = fixture.secrets.found.slice(before);
  check(
    `${fixture.secrets.count} secrets in ${fixture.secrets.looked} texts`,
    found.length === 0,
    found.slice(0, 5).join('; '),
  );
}
