import { anyObject } from '../inputs/any-object.ts';
import { graphqlRequest, type Row, type TestContext } from '../test-context.ts';

export const prototypePollutionRows: readonly Row[] = [
  { id: 'A47', what: 'names of the prototype', run: prototypes },
];

async function prototypes({ target, send, check }: TestContext): Promise<void> {
  const { headers = {} } = graphqlRequest(target, '', undefined, 'partner');
  const find = anyObject(target.endpoint);
  const bodies = [
    '{"query":"{ __typename }","variables":{"__proto__":{"polluted":1}}}',
    '{"query":"{ __typename }","__proto__":{"polluted":1}}',
    '{"query":"query ($f: SalesUnitFilter) { salesUnits(filter: $f) { totalCount } }","variables":{"f":{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}}}',
    '{"query":"query ($__proto__: String, $constructor: String) { __typename }","variables":{"__proto__":"x","constructor":"y"}}',
    '{"query":"{ __proto__: __typename constructor: __typename hasOwnProperty: __typename }"}',
    '{"query":"{ ...__proto__ } fragment __proto__ on Query { __typename }"}',
    '{"query":"{ ...constructor } fragment constructor on Query { __typename }"}',
    '{"query":"{ salesUnits(orderBy: { field: __proto__ }) { totalCount } }"}',
    '{"query":"{ salesUnits(orderBy: { field: constructor }) { totalCount } }"}',
    '{"query":"query __proto__ { __typename }","operationName":"__proto__"}',
    '{"query":"{ __typename }","extensions":{"__proto__":{"polluted":1}}}',
    JSON.stringify({ query: find.one, variables: { v: find.name('__proto__', 'x') } }),
    JSON.stringify({ query: find.one, variables: { v: find.name('constructor', 'prototype') } }),
  ];
  for (const body of bodies) {
    const reply = await send({ headers: { ...headers, __proto__x: 'x' }, body });
    check(
      `${body.slice(0, 60)}: no failure`,
      reply.status < 500 && !/"INTERNAL"/.test(reply.text),
      reply.text,
    );
    check(`${body.slice(0, 60)}: nothing polluted`, !/polluted/.test(reply.text), reply.text);
  }
  const sandbox = target.fixture.sandbox;
  const [msn = ''] = sandbox.data.msns.slice(-2);
  sandbox.fault({
    route: 'GET /management/v1/sales-units/{msn}',
    body: `{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"msn":"${msn}","name":"x"}`,
  });
  const upstream = await send(
    graphqlRequest(target, `{ salesUnit(msn: "${msn}") { name } }`, undefined, 'partner'),
  );
  sandbox.clearFaults();
  check(
    'upstream JSON: no INTERNAL',
    upstream.status === 200 && !/"INTERNAL"/.test(upstream.text),
    upstream.text,
  );
  const after = await send(graphqlRequest(target, '{ __typename }'));
  check('still works', after.text === '{"data":{"__typename":"Query"}}', after.text);
}
