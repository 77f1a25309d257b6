import { Agent, request } from 'undici';
import type { Target } from '../fixture.ts';
import type { Row, TestContext } from '../test-context.ts';

/** A75: clients that write an address for themselves. */
export const addressRows: readonly Row[] = [
  { id: 'A75', what: 'forwarded headers, long chains, addresses of one network', run: claimedAddresses },
];

const MOST_FAILURES = 5;
const TRIES = MOST_FAILURES + 3;
const PROXY = '127.0.0.2';
/** As long as all headers may be. */
const LONG_CHAIN = Array<string>(500).fill('198.51.100.7').join(', ');

async function claimedAddresses({ target, check }: TestContext): Promise<void> {
  await using limited = await target.variant({
    AUTH_FAILURES_PER_MINUTE: String(MOST_FAILURES),
    TRUSTED_PROXIES: PROXY,
  });
  const cases: readonly [what: string, from: string, headers: (index: number) => Record<string, string>][] = [
    ['from a client', '127.0.0.3', (index) => ({ 'x-forwarded-for': `203.0.113.${index}` })],
    ['in Forwarded from a client', '127.0.0.4', (index) => ({ forwarded: `for=203.0.113.${index}` })],
    ['before that of the proxy', PROXY, (index) => ({ 'x-forwarded-for': `203.0.113.${index}, 192.0.2.1` })],
    ['in a long chain', PROXY, (index) => ({ 'x-forwarded-for': `203.0.113.${index}, ${LONG_CHAIN}` })],
    ['of one network', PROXY, (index) => ({ 'x-forwarded-for': `2001:db8:0:7:${index}::1` })],
    [
      'in the header that the proxy does not write',
      PROXY,
      (index) => ({ forwarded: `for=203.0.113.${index}`, 'x-forwarded-for': '192.0.2.5' }),
    ],
  ];
  for (const [what, localAddress, headers] of cases) {
    const statuses = await guess(limited, localAddress, headers);
    const refused = statuses.filter((status) => status === 429).length;
    check(`an address ${what} is not counted as another`, refused === TRIES - MOST_FAILURES, statuses.join());
  }
  const [other] = await guess(limited, PROXY, () => ({ 'x-forwarded-for': '192.0.2.99' }));
  check('another client behind the proxy is not locked out', other === 401, other);
}

async function guess(
  { url, endpoint }: Target,
  localAddress: string,
  headers: (index: number) => Record<string, string>,
): Promise<number[]> {
  const dispatcher = new Agent({ localAddress });
  const statuses: number[] = [];
  for (let index = 0; index < TRIES; index++) {
    const { statusCode, body } = await request(url + endpoint.path, {
      dispatcher,
      method: 'POST',
      headers: {
        ...endpoint.headers,
        'content-type': 'application/json',
        authorization: 'Bearer mg_wrong',
        ...headers(index),
      },
      body: '{"query":"{ __typename }"}',
    });
    await body.dump();
    statuses.push(statusCode);
  }
  await dispatcher.close();
  return statuses;
}
