import { graphqlRequest, type Refusal, type Row, type TestContext } from '../test-context.ts';

export const otherTransportRows: readonly Row[] = [
  { id: 'A51', what: 'transports that are not offered', run: otherTransports },
];

async function otherTransports(context: TestContext): Promise<void> {
  const { target } = context;
  await context.refused('subscription', graphqlRequest(target, 'subscription { x }'), {
    codes: ['BAD_REQUEST'],
    statuses: [400, 405],
  });
  const refusal: Refusal = { codes: ['BAD_REQUEST', 'OPERATION_TOO_COMPLEX'] };
  await context.refused('@defer', graphqlRequest(target, '{ ... @defer { viewer { tenant } } }'), refusal);
  await context.refused(
    '@stream',
    graphqlRequest(target, '{ salesUnits { nodes @stream { msn } } }'),
    refusal,
  );
  const sse = graphqlRequest(target, '{ __typename }');
  const reply = await context.send({ ...sse, headers: { ...sse.headers, accept: 'text/event-stream' } });
  context.check(
    'no event stream',
    !/event-stream/.test(String(reply.headers['content-type'])),
    reply.headers['content-type'],
  );
  const authorization = sse.headers?.['authorization'];
  const upgrade = await target.client.raw([
    `GET /graphql HTTP/1.1\r\nHost: gateway\r\nAuthorization: ${authorization}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n`,
  ]);
  context.check('no WebSocket', !/^HTTP\/1\.1 101/.test(upgrade.text), upgrade.text.slice(0, 40));
}
