import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { order, prefill } from '../inputs/order-inputs.ts';
import { badInput, pathPlaces } from '../inputs/path-inputs.ts';
import { graphqlRequest, type Row, readJson, type TestContext } from '../test-context.ts';

export const requestForgeryRows: readonly Row[] = [
  { id: 'A24', what: 'requests to other hosts', run: otherHosts },
];

async function otherHosts(context: TestContext): Promise<void> {
  const { target, check } = context;
  const { sandbox } = target.fixture;
  let visits = 0;
  const trap = createServer((_request, response) => {
    visits++;
    response.end('{}');
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => trap.once('listening', resolve));
  const url = `http://127.0.0.1:${(trap.address() as AddressInfo).port}/`;
  try {
    for (const value of [
      url,
      `//${url.slice(7)}`,
      'http://169.254.169.254/latest/meta-data',
      'file:///etc/passwd',
    ])
      for (const { what, query, variables } of pathPlaces(target.endpoint))
        await context.refused(
          `${what} ${value.slice(0, 12)}`,
          graphqlRequest(target, query, variables(value), 'partner'),
          badInput,
        );
    const texts =
      'query ($v: String!) { salesUnits(first: 1, filter: { name: { contains: $v }, msn: { startsWith: $v } }) { totalCount } }';
    await context.send(graphqlRequest(target, texts, { v: url }, 'partner'));
    const website = { url, termsUrl: url, testWebsiteUrl: url };
    await context.send(
      graphqlRequest(target, prefill, { input: { ...order, intendedPurpose: url, website } }, 'partner'),
    );
    for (const status of [301, 302, 307, 308]) {
      const id = sandbox.fault({
        route: 'GET /management/v1/sales-units',
        status,
        headers: { location: url },
      });
      const reply = await context.send(
        graphqlRequest(target, '{ salesUnits(first: 1) { nodes { msn } } }', undefined, 'otherMerchant'),
      );
      check(`redirect ${status}: answered from the cache or as a failure`, reply.status === 200, reply.text);
      const fresh = await context.send(
        graphqlRequest(target, `{ salesUnit(msn: "${status}0000") { name } }`, undefined, 'otherMerchant'),
      );
      check(`redirect ${status}: is valid`, readJson(fresh.text) !== undefined, fresh.text);
      sandbox.clearFaults();
      check(`redirect ${status}: fault was on`, id !== '');
    }
    const details = sandbox.fault({
      route: 'GET /management/v1/sales-units/{msn}',
      status: 302,
      headers: { location: url },
    });
    const redirected = await context.send(
      graphqlRequest(target, '{ salesUnit(msn: "9876543") { name } }', undefined, 'partner'),
    );
    check(
      'a redirect is a failure of the upstream',
      details !== '' && /"UPSTREAM_\w+"/.test(redirected.text),
      redirected.text,
    );
    sandbox.clearFaults();
    check('nobody but the upstream was contacted', visits === 0, visits);
  } finally {
    trap.close();
    sandbox.clearFaults();
  }
}
