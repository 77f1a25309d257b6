import { expectUserError, order, prefill } from '../inputs/order-inputs.ts';
import { tryPlaces } from '../inputs/path-inputs.ts';
import { graphqlRequest, jsonHeaders, type Row, type TestContext } from '../test-context.ts';

export const headerInjectionRows: readonly Row[] = [
  { id: 'A23', what: 'headers through arguments', run: headerInjection },
  { id: 'A25', what: 'headers that must not reach the upstream', run: extraHeaders },
];

async function headerInjection(context: TestContext): Promise<void> {
  const { target, check } = context;
  await tryPlaces(context, [
    ['with a header', '123\r\nX-Evil: 1'],
    ['with a line', '123456\n'],
    ['Latin-1', 'æ'],
  ]);
  await expectUserError(context, 'idempotency key with a header', prefill, {
    input: { ...order, idempotencyKey: 'a\r\nX-Evil: 1' },
  });
  const base = graphqlRequest(target, '{ salesUnits(first: 1) { totalCount } }', undefined, 'otherMerchant');
  const reply = await context.send({
    ...base,
    headers: {
      ...base.headers,
      'vipps-system-name': 'x-evil',
      'idempotency-key': 'x-evil',
      'x-request-id': 'x-evil\u00e6',
    },
  });
  check('headers of a client are no reason to fail', reply.status === 200, reply.text);
  check('none of it went upstream', target.fixture.upstream.withHeader('x-evil') === 0);
}

async function extraHeaders(context: TestContext): Promise<void> {
  const { target, check } = context;
  const { sandbox, upstream } = target.fixture;
  const [msn = ''] = sandbox.data.msns.slice(-1);
  const calls = upstream.calls;
  const reply = await context.send({
    ...graphqlRequest(
      target,
      `{ salesUnit(msn: "${msn}") { name configuration { captureType } } }`,
      undefined,
      'partner',
    ),
    headers: {
      ...jsonHeaders(target, 'partner'),
      'x-forwarded-for': 'evil-forwarded',
      'x-forwarded-host': 'evil-forwarded',
      forwarded: 'for=evil-forwarded',
      'ocp-apim-subscription-key': 'evil-subscription',
      client_secret: 'evil-client',
      client_id: 'evil-client',
      'merchant-serial-number': '999999',
      cookie: 'evil-cookie',
      'x-original-url': '/evil-url',
    },
  });
  check('is answered as ever', reply.status === 200 && /"name":"/.test(reply.text), reply.text);
  check('a call was made', upstream.calls > calls);
  check('none went upstream', upstream.withHeader('evil-') === 0, upstream.withHeader('evil-'));
  const secretOfKey = target.fixture.keyring.partner.key.slice('mg_'.length);
  check(
    'nor the key of the gateway',
    upstream.withHeader(secretOfKey) === 0,
    upstream.withHeader(secretOfKey),
  );
}
