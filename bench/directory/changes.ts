import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createClient } from 'graphql-ws';
import WebSocket from 'ws';
import { startSandbox } from '../../src/sandbox/server.ts';
import { pointedAt, type Serving, startServing } from '../../test/cli/serving.ts';

// node bench/directory/changes.ts [CHANGES] [PER_SECOND]: changes the upstream at random while the gateway is killed again
// and again and 5 % of its calls fail. A consumer reads the feed by pages, also at random. At the end, applying
// every change to the first snapshot must reproduce the upstream exactly: no change lost, repeated or out of order.
const [wanted = '10000', perSecond = '50'] = process.argv.slice(2);
const KILL_EVERY_MS = 15_000;
const print = (text: string) => process.stdout.write(`${text}\n`);
const pick = <T>(items: readonly T[]): T => items[Math.floor(Math.random() * items.length)] as T;

const sandbox = await startSandbox({ units: 200, latencyMs: 1 });
const folder = mkdtempSync(join(tmpdir(), 'changes-'));
const start = () =>
  startServing({
    ...pointedAt(sandbox),
    DIRECTORY: 'on',
    DIRECTORY_CALLS_PER_SECOND: '200',
    DIRECTORY_MAX_AGE_SECONDS: '60',
    DIRECTORY_LIST_SECONDS: '1',
    ORDERS_POLL_SECONDS: '1',
    DATA_DIR: folder,
    RATE_LIMIT_PER_MINUTE: '0',
  });
let gateway: Serving = await start();
/** Asks again while the gateway starts, or a call of it fails. */
async function ask<T>(query: string, headers: Record<string, string> = {}): Promise<T> {
  for (;;) {
    try {
      const response = await gateway.ask(query, { headers });
      const { data, errors } = (await response.json()) as {
        data?: T;
        errors?: { message: string; extensions: { code: string } }[];
      };
      if (data && !errors) return data;
      if (errors?.some(({ extensions: { code } }) => /BAD_|TOO_|EXPIRED/.test(code)))
        throw new TypeError(JSON.stringify(errors));
    } catch (error) {
      if (error instanceof TypeError && /BAD_|TOO_|EXPIRED/.test(error.message)) throw error;
    }
    await sleep(100);
  }
}

type Fields = Record<string, string>;
type State = Record<string, Fields>;
/** Flattens objects of the schema as changes name their fields. */
function flatten(value: unknown, prefix = '', into: Fields = {}): Fields {
  for (const [name, leaf] of Object.entries(value as object)) {
    const path = prefix ? `${prefix}.${name}` : name;
    if (leaf === null) continue;
    if (Array.isArray(leaf)) into[path] = leaf.join('\n');
    else if (typeof leaf === 'object') flatten(leaf, path, into);
    else into[path] = String(leaf);
  }
  return into;
}
const ADDRESS = '{ lines postCode city countryCode }';
const IDENTIFIER = 'businessIdentifier { scheme value }';
/** Reads everything from the upstream, past cache and directory. */
async function upstreamState(): Promise<State> {
  interface Whole {
    salesUnits: {
      nodes: { msn: string; merchant: { businessIdentifier: { scheme: string; value: string } } | null }[];
    };
    productOrders: { nodes: { productOrderId: string | null; id: string }[] };
    pricePackages: { pricePackageId: string }[];
  }
  const whole = await ask<Whole>(
    `{ salesUnits(first: 1000) { nodes { msn name ${IDENTIFIER} configuration { paymentAllowed captureType
         skipLandingPageAllowed recurringAllowed partialCaptureAllowed lateCaptureAllowed landingPagePhoneNumberLocked
         longLivingPaymentAllowed creditCardPaymentAllowed }
         merchant { ${IDENTIFIER} name status createdAt updatedAt countryCode businessAddress ${ADDRESS} businessPostAddress ${ADDRESS} } } }
       productOrders(first: 1000, includeExpired: true) { nodes { id productOrderId status type productType ${IDENTIFIER} url salesUnit { msn name } } }
       pricePackages { pricePackageId name description visibleInSignupForm productType market commission } }`,
    { 'cache-control': 'no-cache' },
  );
  const state: State = {};
  for (const { msn, merchant, ...unit } of whole.salesUnits.nodes) {
    state[`unit ${msn}`] = flatten(unit);
    if (!merchant) continue;
    const { businessIdentifier, ...fields } = merchant;
    state[`merchant ${businessIdentifier.scheme} ${businessIdentifier.value}`] = flatten(fields);
  }
  for (const { id: _id, productOrderId, ...order } of whole.productOrders.nodes)
    if (productOrderId) state[`order ${productOrderId}`] = flatten(order);
  for (const { pricePackageId, ...fields } of whole.pricePackages)
    state[`package ${pricePackageId}`] = flatten(fields);
  return state;
}

interface Change {
  readonly cursor: string;
  readonly at: string;
  readonly kind: string;
  readonly msn: string | null;
  readonly businessIdentifier: { readonly scheme: string; readonly value: string } | null;
  readonly productOrderId: string | null;
  readonly pricePackageId: string | null;
  readonly fields: readonly {
    readonly name: string;
    readonly before: string | null;
    readonly after: string | null;
  }[];
}
/** What a consumer knows, made of the first snapshot and every change since. */
class Consumer {
  readonly name: string;
  readonly problems: string[] = [];
  readonly kinds = new Map<string, number>();
  readonly seen = new Set<string>();
  readonly state: State;
  cursor: string;
  connections = 0;
  #lastAt = '';

  constructor(name: string, state: State, cursor: string) {
    this.name = name;
    this.state = structuredClone(state);
    this.cursor = cursor;
  }

  apply(change: Change): void {
    const { cursor, at, kind, msn, businessIdentifier, productOrderId, pricePackageId, fields } = change;
    if (this.seen.has(cursor)) this.problems.push(`${kind} twice: ${cursor}`);
    if (at < this.#lastAt) this.problems.push(`${kind} at ${at} after ${this.#lastAt}`);
    this.seen.add(cursor);
    this.cursor = cursor;
    this.#lastAt = at;
    this.kinds.set(kind, (this.kinds.get(kind) ?? 0) + 1);
    const key = kind.startsWith('PRODUCT_ORDER')
      ? `order ${productOrderId}`
      : kind.startsWith('PRICE_PACKAGE')
        ? `package ${pricePackageId}`
        : kind.startsWith('SALES_UNIT')
          ? `unit ${msn}`
          : `merchant ${businessIdentifier?.scheme} ${businessIdentifier?.value}`;
    // Orders without an id cannot be told apart here.
    if (key === 'order null') return;
    const known = this.state[key];
    if (kind.endsWith('ADDED') === (known !== undefined)) this.problems.push(`${kind} does not fit ${key}`);
    const now = { ...known };
    for (const { name, before, after } of fields) {
      if ((now[name] ?? null) !== before)
        this.problems.push(`${key} ${name} was ${now[name]}, not ${before}`);
      if (after === null) delete now[name];
      else now[name] = after;
    }
    if (kind.endsWith('REMOVED')) delete this.state[key];
    else this.state[key] = now;
  }
}

while (
  !(await ask<{ changes: { observedSince: string | null } }>('{ changes { observedSince } }')).changes
    .observedSince
)
  await sleep(100);
const snapshot = await upstreamState();
const beginning = (
  await ask<{ changes: { pageInfo: { endCursor: string } } }>('{ changes { pageInfo { endCursor } } }')
).changes.pageInfo.endCursor;
const CHANGE = `cursor at kind msn ${IDENTIFIER} productOrderId pricePackageId fields { name before after }`;

async function readFeed(consumer: Consumer): Promise<void> {
  for (;;) {
    const { changes } = await ask<{
      changes: { nodes: Change[]; pageInfo: { endCursor: string; hasNextPage: boolean } };
    }>(
      `{ changes(first: 50, after: "${consumer.cursor}") { nodes { ${CHANGE} } pageInfo { endCursor hasNextPage } } }`,
    );
    for (const change of changes.nodes) consumer.apply(change);
    consumer.cursor = changes.pageInfo.endCursor;
    if (!changes.pageInfo.hasNextPage) return;
  }
}

interface Event {
  readonly changes: { readonly cursor: string; readonly change: Change | null };
}
const SUBSCRIPTION = `subscription ($after: String) { changes(after: $after) { cursor change { ${CHANGE} } } }`;
const take = (consumer: Consumer, { changes: { cursor, change } }: Event) => {
  if (change) consumer.apply(change);
  consumer.cursor = cursor;
};
/** Follows over SSE for a while, as a browser reconnects: with the id of the last event. */
async function followEvents(consumer: Consumer, ms: number): Promise<void> {
  consumer.connections++;
  const signal = AbortSignal.timeout(Math.ceil(ms));
  try {
    const response = await fetch(gateway.url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'text/event-stream',
        'last-event-id': consumer.cursor,
      },
      body: JSON.stringify({ query: SUBSCRIPTION }),
      signal,
    });
    let text = '';
    for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      text += chunk;
      for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
        const [, json] = /^data: (.+)$/m.exec(text.slice(0, end)) ?? [];
        text = text.slice(end + 2);
        const { data, errors } = JSON.parse(json ?? '{}') as { data?: Event; errors?: unknown };
        if (data) take(consumer, data);
        if (errors && !/SUBSCRIPTION_ENDED|UNAVAILABLE/.test(JSON.stringify(errors)))
          consumer.problems.push(JSON.stringify(errors));
      }
    }
  } catch {
    // Cut by the time, or by a kill.
    await sleep(50);
  }
}
/** The same over a WebSocket. */
async function followMessages(consumer: Consumer, ms: number): Promise<void> {
  consumer.connections++;
  const client = createClient({
    url: gateway.url.replace('http', 'ws'),
    webSocketImpl: WebSocket,
    retryAttempts: 0,
  });
  setTimeout(() => void client.dispose(), ms);
  await new Promise<void>((resolve) => {
    client.subscribe<Event & Record<string, unknown>>(
      { query: SUBSCRIPTION, variables: { after: consumer.cursor } },
      {
        next: ({ data }) => data && take(consumer, data),
        error(error) {
          if (/BAD_|EXPIRED/.test(JSON.stringify(error))) consumer.problems.push(JSON.stringify(error));
          resolve();
        },
        complete: resolve,
      },
    );
  });
  await sleep(50);
}
const consumers = ['pages', 'SSE', 'WebSocket'].map((name) => new Consumer(name, snapshot, beginning));
const [byPages, byEvents, byMessages] = consumers as [Consumer, Consumer, Consumer];

const [msns, flags] = [
  sandbox.data.msns.slice(),
  ['recurringAllowed', 'lateCaptureAllowed', 'paymentAllowed'] as const,
];
const packages: string[] = [];
const NEXT = new Map([
  ['RECEIVED', 'MERCHANT_VIEWED'],
  ['MERCHANT_VIEWED', 'ORDER_SUBMITTED'],
  ['ORDER_SUBMITTED', 'COMPLETED'],
] as const);
type Act = (about: { msn: string; scheme: string; id: string; number: number }) => void;
const acts: readonly Act[] = [
  ({ msn, number }) => sandbox.editUnit(msn, { name: `Unit ${number}` }),
  ({ msn }) => sandbox.editUnit(msn, { configuration: { [pick(flags)]: pick([true, false, null]) } }),
  ({ msn }) =>
    sandbox.editUnit(msn, {
      configuration: { captureType: pick(['ReserveCapture', 'DirectCapture'] as const) },
    }),
  ({ scheme, id, number }) => sandbox.editMerchant(scheme, id, { name: `Merchant ${number}` }),
  ({ scheme, id, number }) => {
    const businessAddress = pick([null, { lines: [`Street ${number}`], city: 'Oslo' }]);
    sandbox.editMerchant(scheme, id, { businessAddress });
  },
  ({ msn }) => sandbox.connectUnit(msn, undefined),
  ({ msn }) => sandbox.connectUnit(msn, 'sandbox-partner'),
  () => {
    const order = pick(sandbox.data.orders.filter(({ status }) => NEXT.has(status as 'RECEIVED')));
    const next = NEXT.get(order?.status as 'RECEIVED');
    // One of another type has fewer statuses, or its merchant is gone.
    if (order?.id && next)
      try {
        sandbox.moveOrder(order.id, next);
      } catch {}
  },
  ({ number }) => {
    if (packages.length < 20) packages.push(sandbox.addPricePackage(`Package ${number}`).pricePackageId);
    else sandbox.removePricePackage(packages.shift() ?? '');
  },
];
function changeSomething(number: number): void {
  const msn = pick(msns);
  const { scheme, id } = sandbox.data.merchantOf(msn).businessIdentifier;
  pick(acts)({ msn, scheme, id, number });
}

const startedAt = performance.now();
sandbox.fault({ status: 503, rate: 0.05 });
let isOver = false;
let kills = 0;
const killing = (async () => {
  for (;;) {
    await sleep(KILL_EVERY_MS * Math.random() + 2_000);
    if (isOver) return;
    gateway.cli.send('SIGKILL');
    await gateway.cli.exited;
    gateway = await start();
    kills++;
  }
})();
const reading = [
  async () => {
    await sleep(3_000 * Math.random());
    await readFeed(byPages);
  },
  () => followEvents(byEvents, 4_000 * Math.random()),
  () => followMessages(byMessages, 4_000 * Math.random()),
].map(async (follow) => {
  while (!isOver) await follow();
});
for (let number = 0; number < Number(wanted); number++) {
  changeSomething(number);
  const dueMs = (number / Number(perSecond)) * 1_000;
  await sleep(Math.max(0, dueMs - (performance.now() - startedAt)));
}
isOver = true;
await Promise.all([killing, ...reading]);
sandbox.clearFaults();
print(`${wanted} changes in ${Math.round((performance.now() - startedAt) / 1_000)} s, ${kills} kills`);

const text = (state: State) =>
  JSON.stringify(
    Object.entries(state)
      .map(([key, fields]) => [key, Object.entries(fields).sort()])
      .sort(),
  );
const deadline = performance.now() + 120_000;
let expected = await upstreamState();
for (;;) {
  await Promise.all([readFeed(byPages), followEvents(byEvents, 1_000), followMessages(byMessages, 1_000)]);
  if (consumers.every(({ state }) => text(state) === text(expected)) || performance.now() > deadline) break;
  expected = await upstreamState();
}
let failures = 0;
for (const { name, seen, kinds, connections, problems, state } of consumers) {
  const different = [...new Set([...Object.keys(state), ...Object.keys(expected)])].filter(
    (key) => text({ x: state[key] ?? {} }) !== text({ x: expected[key] ?? {} }),
  );
  const lost = [...byPages.seen].filter((cursor) => !seen.has(cursor)).length;
  print(
    `${name}: ${seen.size} told, ${connections} connections, ${different.length} objects differ from the upstream, ${lost} lost, ${problems.length} changes do not fit`,
  );
  if (name === 'pages')
    print(
      `  ${[...kinds]
        .sort()
        .map(([kind, count]) => `${kind} ${count}`)
        .join(', ')}`,
    );
  for (const line of [
    ...different
      .slice(0, 5)
      .map((key) => `${key}: ${JSON.stringify(state[key])} is ${JSON.stringify(expected[key])}`),
    ...problems.slice(0, 10),
  ])
    print(`  ${line}`);
  failures += different.length + lost + problems.length;
}
await gateway[Symbol.asyncDispose]();
await sandbox.close();
rmSync(folder, { recursive: true });
process.exit(failures > 0 ? 1 : 0);
