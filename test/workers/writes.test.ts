import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import type { HttpResult, TestWorkers } from './two-workers.ts';
import { startTestWorkers } from './two-workers.ts';

const POST = 'POST /management/v1/product-orders';
const prefill = (key: string, name = 'Kaffebar') => `mutation { prefillProductOrder(input: {
  idempotencyKey: "${key}", productType: PAYMENT_INTEGRATION, salesUnitName: "${name}"
  businessIdentifier: { scheme: "business:NO:ORG", value: "987654325" }
}) { productOrder { productOrderId } replayed userErrors { code } } }`;
const remove = (id: string) =>
  `mutation { deleteProductOrder(input: { productOrderId: "${id}" }) { deletedProductOrderId userErrors { code } } }`;
const list = '{ productOrders(first: 100) { nodes { productOrderId } } }';

interface Prefilled {
  readonly prefillProductOrder: {
    readonly productOrder: { readonly productOrderId: string } | null;
    readonly replayed: boolean | null;
  } | null;
}
const idOf = ({ body }: HttpResult<Prefilled>) =>
  body.data?.prefillProductOrder?.productOrder?.productOrderId;
const idsOf = async (client: TestWorkers['one']) => {
  const { body } = await client.send<{ productOrders: { nodes: { productOrderId: string }[] } }>(list);
  return body.data?.productOrders.nodes.map(({ productOrderId }) => productOrderId);
};
const pidOf = ({ serving }: TestWorkers, worker: number) =>
  serving.cli.logs.findLast(
    (line) => line['msg'] === 'a worker accepts requests' && line['worker'] === worker,
  )?.['pid'] as number;

it('creates one order for a key that is sent to two workers at once', async () => {
  await using workers = await startTestWorkers({ sandbox: { latencyMs: 100 } });
  const key = randomUUID();
  const answers = await Promise.all(
    [workers.one, workers.two].map(({ send }) => send<Prefilled>(prefill(key))),
  );
  const ids = answers.map(idOf);
  expect(ids[0]).toBeTypeOf('string');
  expect(ids[1]).toBe(ids[0]);
  expect(workers.calls()[POST]).toBe(1);
  const other = await workers.two.send(prefill(key, 'Another'));
  expect(other.body.errors?.[0]?.extensions).toMatchObject({ code: 'IDEMPOTENCY_KEY_REUSED' });
});

it('shows a created and a deleted order on the other worker at once', async () => {
  await using workers = await startTestWorkers({ sandbox: { latencyMs: 0 } });
  const { one, two } = workers;
  for (let round = 0; round < 20; round++) {
    const before = await idsOf(two);
    const id = idOf(await one.send<Prefilled>(prefill(randomUUID())));
    expect(before).not.toContain(id);
    expect(await idsOf(two)).toContain(id);
    await one.send(remove(id ?? ''));
    expect(await idsOf(two)).not.toContain(id);
  }
}, 60_000);

it('carries a write to its end when its worker is killed, and returns it to the caller that repeats its key', async () => {
  await using workers = await startTestWorkers({ sandbox: { latencyMs: 400 } });
  const key = randomUUID();
  const lost = workers.one.send(prefill(key)).catch((error: Error) => error);
  await expect
    .poll(() => workers.calls()[POST] ?? workers.sandbox.stats().calls[POST], {
      interval: 5,
      timeout: 10_000,
    })
    .toBe(1);
  process.kill(pidOf(workers, 1), 'SIGKILL');
  expect(await lost).toBeInstanceOf(Error);
  const answer = await workers.two.send<Prefilled>(prefill(key));
  expect(idOf(answer)).toBeTypeOf('string');
  expect(answer.body.data?.prefillProductOrder?.replayed).toBe(true);
  expect(workers.calls()[POST]).toBe(1);
});

it('replaces a worker that is killed, and counts it', async () => {
  await using workers = await startTestWorkers();
  const { serving } = workers;
  const before = pidOf(workers, 2);
  await workers.two.send('{ salesUnits(first: 1) { totalCount } }');
  const counted = async () => {
    const text = await (await fetch(`${serving.adminUrl}/metrics`)).text();
    const sum = /^graphql_operation_duration_seconds_count\{[^}]*\} (\d+)$/gm;
    return [...text.matchAll(sum)].reduce((total, [, count]) => total + Number(count), 0);
  };
  const operations = await counted();
  expect(operations).toBeGreaterThan(0);
  process.kill(before, 'SIGKILL');
  await serving.cli.until(() => (pidOf(workers, 2) === before ? undefined : true));
  const metrics = await (await fetch(`${serving.adminUrl}/metrics`)).text();
  expect(metrics).toContain('worker_ends_total 1');
  expect(metrics).toContain('workers_running 2');
  // A sum that falls would look like a restart of everything.
  expect(await counted()).toBeGreaterThanOrEqual(operations);
  const again = await workers.connectMany(4);
  expect(new Set(again.map(({ worker }) => worker))).toEqual(new Set([1, 2]));
  expect(serving.cli.logs).toContainEqual(
    expect.objectContaining({ msg: 'a worker ended', worker: 2, signal: 'SIGKILL' }),
  );
}, 60_000);

it('finishes running writes before it stops', async () => {
  await using workers = await startTestWorkers({ sandbox: { latencyMs: 300 } });
  const clients = await workers.connectMany(10);
  const page = '{ salesUnits(first: 20) { nodes { configuration { captureType } } } }';
  const reads = clients.map(({ send }) => send(page));
  const write = workers.two.send<Prefilled>(prefill(randomUUID()));
  await expect.poll(() => workers.calls()[POST], { interval: 5, timeout: 10_000 }).toBe(1);
  workers.serving.cli.send('SIGTERM');
  for (const { status, body } of await Promise.all(reads)) {
    expect(status).toBe(200);
    expect(body.errors).toBeUndefined();
  }
  expect(idOf(await write)).toBeTypeOf('string');
  expect(await workers.serving.cli.exited).toEqual({ code: 0, signal: null });
}, 60_000);
