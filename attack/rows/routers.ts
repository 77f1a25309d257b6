import { times } from '../inputs/attack-requests.ts';
import { loopOf } from '../inputs/loop-of.ts';
import { unauthenticated } from '../inputs/refusals.ts';
import { graphqlRequest, type Refusal, type Row, type TestContext } from '../test-context.ts';

// A79, A80: who may ask at `/subgraph`, and what it tells them.

export const routerRows: readonly Row[] = [
  { id: 'A79', what: 'the schema of the subgraph without the scope for it', atSubgraph: true, run: schema },
  { id: 'A80', what: 'callers that are no routers', atSubgraph: true, run: withoutSecret },
];

const MOST_BYTES = 16 * 1024 * 1024;
const UNITS = '{ salesUnits { totalCount } }';
const forbidden: Refusal = { codes: ['FORBIDDEN'], statuses: [200, 403], mostErrors: 20 };
const routersOnly: Refusal = { codes: ['BAD_REQUEST'], statuses: [403], mostErrors: 1 };

async function schema(context: TestContext): Promise<void> {
  const { target, refused, send, check } = context;
  for (const [what, query] of [
    ['_service', '{ _service { sdl } }'],
    ['under an alias', '{ a: _service { b: sdl } }'],
    ['its type alone', '{ _service { __typename } }'],
    ['in a fragment', '{ ...F } fragment F on Query { _service { ...S } } fragment S on _Service { sdl }'],
    ['many times', `{ ${times(15, (i) => `a${i}: _service { sdl }`)} }`],
  ] as const)
    await refused(what, graphqlRequest(target, query, undefined, 'reading'), forbidden);
  for (const query of ['{ __schema { types { name } } }', '{ __type(name: "_Entity") { name } }'])
    await refused(query, graphqlRequest(target, query), { codes: ['INTROSPECTION_DISABLED'], mostErrors: 1 });
  // What only the endpoint of clients has.
  for (const query of [
    '{ node(id: "x") { id } }',
    '{ nodes(ids: ["x"]) { id } }',
    '{ viewer { ...V } } fragment V on Viewer { tenant }',
  ])
    await refused(query, graphqlRequest(target, query), { codes: ['BAD_REQUEST'], mostErrors: 3 });
  const twenty = times(19, (i) => `s${i}: sdl`);
  await loopOf(context, 'the schema many times', async () => {
    const request = graphqlRequest(
      target,
      `{ ${times(10, (i) => `a${i}: _service { ${twenty} }`)} }`,
      undefined,
      'introspecting',
    );
    const { status, text } = await send(request);
    check(
      'who has the scope is answered or refused',
      status === 200 || text.includes('"OPERATION_TOO_'),
      text,
    );
    check('the answer is bounded', text.length <= MOST_BYTES, text.length);
  });
}

/** Without a secret, the key alone shows that a caller is a router. */
async function withoutSecret({ target, check, on }: TestContext): Promise<void> {
  const { fixture } = target;
  await using open = await target.variant({ SUBGRAPH_SECRET: '' });
  const at = on(open);
  const served = await open.client.send(graphqlRequest(open, UNITS, undefined, 'router'));
  check('a key of a router is served', /totalCount":\d/.test(served.text), served.text);
  const token = await fixture.issuer.sign({ tenant: 'partner', scope: 'read' });
  fixture.secrets.add(token);
  const { clientId, clientSecret, subscriptionKey } = fixture.sandbox.callers.partner;
  const json = { 'content-type': 'application/json' };
  const ownKeys = {
    'vipps-client-id': clientId,
    'vipps-client-secret': clientSecret,
    'ocp-apim-subscription-key': subscriptionKey,
  };
  const { body = '' } = graphqlRequest(open, UNITS);
  const browser = graphqlRequest(open, UNITS, undefined, 'page');
  for (const [what, request] of [
    ["a browser's key", browser],
    [
      "a browser's key with a secret",
      { ...browser, headers: { ...browser.headers, 'router-authorization': 'Bearer x' } },
    ],
    [
      "a browser's key with the secret of another gateway",
      { ...browser, headers: { ...browser.headers, ...target.endpoint.headers } },
    ],
    ["a browser's key with a broken body", { ...browser, body: '{ this is none' }],
    [
      "a browser's key for events",
      { ...browser, headers: { ...browser.headers, accept: 'text/event-stream' } },
    ],
    ['a token', { headers: { ...json, authorization: `Bearer ${token}` }, body }],
    ['keys of the caller', { headers: { ...json, ...ownKeys }, body }],
  ] as const)
    await at.refused(what, request, routersOnly);
  await at.refused('no key', { headers: json, body }, unauthenticated);
}
