import { anyObject } from '../inputs/any-object.ts';
import { type GraphqlBody, graphqlRequest, type Row, readJson, type TestContext } from '../test-context.ts';
import { readVisibleData } from '../visible-data.ts';

// A27, A31, A32: keys that are revoked, and things of other tenants.

const REVOKED_WITHIN_MS = 1_000;
/** So long a row waits for what should take a second: a machine that has much to do must not decide it. */
const PATIENCE_MS = 8_000;

export const tenantRows = (strictTimes: boolean): readonly Row[] => [
  {
    id: 'A27',
    what: 'a key that was revoked, after it filled the cache',
    run: (context) => revocation(context, strictTimes),
  },
  { id: 'A31', what: 'data of another tenant', run: foreignThings },
  { id: 'A32', what: "another tenant's order and idempotency key", run: foreignOrder },
];

async function revocation({ target, send, check }: TestContext, strictTimes: boolean): Promise<void> {
  const queries = [
    '{ salesUnits(first: 5) { nodes { msn name merchant { name } } } }',
    '{ productOrders { totalCount } }',
    '{ pricePackages { name } }',
  ];
  for (const query of [...queries, ...queries]) {
    const reply = await send(graphqlRequest(target, query, undefined, 'leaving'));
    check('before: answered', reply.status === 200 && !reply.text.includes('errors'), reply.text);
  }
  target.fixture.revoke('leaving');
  const startedAt = performance.now();
  let status = 200;
  while (status !== 401 && performance.now() - startedAt < PATIENCE_MS)
    status = (await send(graphqlRequest(target, '{ __typename }', undefined, 'leaving'))).status;
  const took = performance.now() - startedAt;
  check('is refused', status === 401, `${status} after ${took.toFixed(0)} ms`);
  if (strictTimes) check('within a second', took <= REVOKED_WITHIN_MS, `${took.toFixed(0)} ms`);
  const { calls } = target.fixture.upstream;
  for (const query of [...queries, '{ __typename }', '{ no document']) {
    const reply = await send(graphqlRequest(target, query, undefined, 'leaving'));
    check(
      'afterwards: 401 and nothing from a cache',
      reply.status === 401 && !/"data"/.test(reply.text),
      reply.text,
    );
  }
  check('afterwards: no upstream call', target.fixture.upstream.calls === calls);
  const other = await send(graphqlRequest(target, queries[0] ?? '', undefined, 'partner'));
  check(
    'another key of the same tenant stays',
    other.status === 200 && other.text.includes('"msn":"'),
    other.text,
  );
}

/** Without what differs between any two answers. */
const likeness = (text: string) => text.replace(/"requestId":"[^"]*"/g, '');

async function foreignThings({ target, send, check }: TestContext): Promise<void> {
  const visible = await readVisibleData(target.fixture.sandbox);
  const own = visible.otherMerchant;
  const nobody = '00000000-0000-4000-8000-000000000000';
  const find = anyObject(target.endpoint);
  const ask = async (query: string, v: unknown) =>
    likeness((await send(graphqlRequest(target, query, { v }, 'otherMerchant'))).text);
  const compare = async (what: string, query: string, absent: unknown, foreign: readonly unknown[]) => {
    const expected = await ask(query, absent);
    check(`${what}: there is something foreign`, foreign.length > 0);
    for (const value of foreign.slice(0, 10)) {
      const said = await ask(query, value);
      check(`${what}: as if it did not exist`, said === expected, `${said} instead of ${expected}`);
    }
  };
  const others = [visible.partner, visible.otherPartner].map(({ msns, orders, merchants }) => ({
    msns: msns.filter((msn) => !own.texts.has(msn)),
    orders: orders.filter((id) => !own.texts.has(id)),
    merchants: merchants.filter(({ id }) => !own.texts.has(id)),
  }));
  for (const { msns, orders, merchants } of others) {
    await compare(
      'unit',
      'query ($v: String!) { salesUnit(msn: $v) { name configuration { captureType } } }',
      '9999999999',
      msns,
    );
    await compare(
      'unit in a list',
      'query ($v: String!) { salesUnits(filter: { msn: { equals: $v } }) { totalCount nodes { name } } }',
      '9999999999',
      msns,
    );
    await compare('order', 'query ($v: ID!) { productOrder(productOrderId: $v) { status } }', nobody, orders);
    const named = (type: string, keys: readonly string[]) => keys.map((key) => find.name(type, key));
    const businesses = merchants.map(({ scheme, id }) => `${scheme}:${id}`);
    for (const [type, absent, keys] of [
      ['SalesUnit', '9999999999', msns],
      ['ProductOrder', nobody, orders],
      ['Merchant', 'business:NO:ORG:999999999', businesses],
    ] as const)
      await compare(`any ${type}`, find.one, find.name(type, absent), named(type, keys));
  }
}

interface Prefilled {
  readonly prefillUrl: string | null;
  readonly replayed: boolean;
  readonly productOrder: { readonly productOrderId: string } | null;
}

async function foreignOrder({ target, send, check }: TestContext): Promise<void> {
  const prefill = `mutation ($input: PrefillProductOrderInput!) { prefillProductOrder(input: $input) {
    prefillUrl replayed productOrder { productOrderId } userErrors { code } } }`;
  const remove = `mutation ($v: ID!) { deleteProductOrder(input: { productOrderId: $v }) {
    productOrderId userErrors { code } } }`;
  const input = {
    idempotencyKey: 'the-same-for-both',
    businessIdentifier: { scheme: 'business:NO:ORG', value: '123456785' },
    productType: 'LOGIN',
  };
  const made = async (tenant: 'partner' | 'otherPartner') => {
    const { text } = await send(graphqlRequest(target, prefill, { input }, tenant));
    const { data }: GraphqlBody = readJson(text) ?? {};
    const payload = data?.['prefillProductOrder'] as Prefilled | null | undefined;
    check(`${tenant}: ordered`, typeof payload?.prefillUrl === 'string', text);
    return payload;
  };
  const own = await made('partner');
  const id = own?.productOrder?.productOrderId ?? '';
  const other = await made('otherPartner');
  check(
    'the key of one is nothing to the other',
    other?.replayed === false && other?.prefillUrl !== own?.prefillUrl,
    JSON.stringify(other),
  );
  const again = await made('partner');
  check(
    'and still is the key of the first',
    again?.replayed === true && again?.prefillUrl === own?.prefillUrl,
    JSON.stringify(again),
  );
  const stolen = await send(graphqlRequest(target, remove, { v: id }, 'otherPartner'));
  check('the other deletes nothing', /"productOrderId":null/.test(stolen.text), stolen.text);
  const kept = await send(
    graphqlRequest(
      target,
      'query ($v: ID!) { productOrder(productOrderId: $v) { productOrderId } }',
      { v: id },
      'partner',
    ),
  );
  check('the order is still there', kept.text.includes(id) && id !== '', kept.text);
  const deleted = await send(graphqlRequest(target, remove, { v: id }, 'partner'));
  check('its owner deletes it', deleted.text.includes(`"productOrderId":"${id}"`), deleted.text);
}
