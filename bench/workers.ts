import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { startUpstream, type Upstream } from './comparison/upstream.ts';
import { median } from './ratios.ts';

// node bench/workers.ts [ROUNDS] [SECONDS] [ENV=VALUE …]: pages of 100 warm units with another cursor each time, answered by
// one process and by two workers. Prints requests per second, and per second of CPU time of all processes of the gateway.

const [rounds = '5', seconds = '4', ...settings] = process.argv.slice(2);
const UNITS = 1_000;
const CONNECTIONS = 16;
const WORKERS = ['1', '2'] as const;
const QUERY = `query Page($after: String) { salesUnits(first: 100, after: $after) { totalCount pageInfo { endCursor }
  nodes { msn name configuration { captureType paymentAllowed } merchant { name businessIdentifier { value } } } } }`;
const CURSORS =
  '{ salesUnits(first: 900) { edges { cursor } nodes { configuration { captureType } merchant { name } } } }';
const KEY = 'mg_bench';
const WARM_UP_MS = 10_000;
const warm = new Set<number>();

interface Gateway {
  readonly port: number;
  readonly child: ChildProcess;
}

const binary = fileURLToPath(new URL('../bin/management-graphql.js', import.meta.url));
const home = mkdtempSync(join(tmpdir(), 'bench-workers-'));

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

async function startGateway({ url, keys }: Upstream, workers: string): Promise<Gateway> {
  const [port, adminPort] = [await freePort(), await freePort()];
  const file = join(home, 'tenants.json');
  const { clientId, clientSecret, subscriptionKey } = keys;
  const sha256 = createHash('sha256').update(KEY).digest('hex');
  const tenant = {
    id: 'bench',
    upstream: { clientId, clientSecret, subscriptionKey },
    keys: [{ sha256, scopes: ['read'] }],
  };
  writeFileSync(file, JSON.stringify({ tenants: [tenant] }), { mode: 0o600 });
  const child = spawn(process.execPath, [binary, 'serve'], {
    stdio: 'ignore',
    env: {
      PORT: String(port),
      ADMIN_PORT: String(adminPort),
      WORKERS: workers,
      NODE_ENV: 'production',
      MANAGEMENT_API_URL: url,
      AUTH: 'api-key',
      TENANTS_FILE: file,
      OUTCOMES_FILE: ':memory:',
      DIRECTORY: 'off',
      RATE_LIMIT_PER_MINUTE: '1000000000',
      ...Object.fromEntries(settings.map((setting) => /^(\w+)=(.*)$/s.exec(setting)?.slice(1) ?? [])),
    },
  });
  const readyz = `http://127.0.0.1:${adminPort}/readyz`;
  while ((await fetch(readyz).catch(() => undefined))?.status !== 200) await sleep(50);
  return { port, child };
}

/** Seconds of CPU time that the processes of a gateway have used. */
function cpuSeconds({ pid = 0 }: ChildProcess): number {
  const ofProcess = (id: number) => {
    const fields = readFileSync(`/proc/${id}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
    return (Number(fields[11]) + Number(fields[12])) / 100;
  };
  const children = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => {
      try {
        return readFileSync(`/proc/${name}/stat`, 'utf8').split(') ')[1]?.split(' ')[1] === String(pid);
      } catch {
        return false;
      }
    });
  return [pid, ...children.map(Number)].reduce((sum, id) => sum + ofProcess(id), 0);
}

/** A client that sends one request after another and looks at nothing but lengths. It takes little time itself. */
class Client {
  readonly #socket: Socket;
  #waiting: ((body: Buffer) => void) | undefined;
  #chunks: Buffer[] = [];
  #missing = -1;

  constructor(port: number) {
    this.#socket = connect(port, '127.0.0.1');
    this.#socket.on('data', (chunk) => this.#take(chunk as Buffer));
  }

  ask(body: string): Promise<Buffer> {
    return new Promise((resolve) => {
      this.#waiting = resolve;
      this.#socket.write(
        `POST /graphql HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer ${KEY}\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
      );
    });
  }

  close(): void {
    this.#socket.destroy();
  }

  #take(chunk: Buffer): void {
    this.#chunks.push(chunk);
    if (this.#missing < 0) {
      const head = Buffer.concat(this.#chunks);
      const end = head.indexOf('\r\n\r\n');
      if (end < 0) return;
      const length = /content-length: (\d+)/i.exec(head.toString('latin1', 0, end))?.[1];
      if (!head.toString('latin1', 9, 12).startsWith('200') || length === undefined)
        throw new Error(`not an answer: ${head.toString('latin1', 0, 500)}`);
      this.#missing = Number(length) - (head.length - end - 4);
      this.#chunks = [head.subarray(end + 4)];
    } else this.#missing -= chunk.length;
    if (this.#missing > 0) return;
    const body = Buffer.concat(this.#chunks);
    this.#chunks = [];
    this.#missing = -1;
    this.#waiting?.(body);
  }
}

interface Figures {
  readonly perSecond: number;
  readonly perCpuSecond: number;
  readonly ownCpu: number;
}

async function measure({ port, child }: Gateway, bodies: readonly string[]): Promise<Figures> {
  const clients = Array.from({ length: CONNECTIONS }, () => new Client(port));
  // Each worker keeps copies of its own.
  await Promise.all(clients.map((client) => client.ask(JSON.stringify({ query: CURSORS }))));
  const run = async (ms: number) => {
    let [requests, next] = [0, 0];
    const end = performance.now() + ms;
    await Promise.all(
      clients.map(async (client) => {
        while (performance.now() < end) {
          await client.ask(bodies[next++ % bodies.length] ?? '');
          requests++;
        }
      }),
    );
    return requests;
  };
  // Each process compiles what it runs often, after some thousands of requests.
  if (!warm.has(port)) await run(WARM_UP_MS);
  warm.add(port);
  const [cpu, own, startedAt] = [cpuSeconds(child), process.cpuUsage(), performance.now()];
  const requests = await run(Number(seconds) * 1_000);
  const took = (performance.now() - startedAt) / 1_000;
  const ownUsage = process.cpuUsage(own);
  for (const client of clients) client.close();
  return {
    perSecond: requests / took,
    perCpuSecond: requests / (cpuSeconds(child) - cpu),
    ownCpu: (ownUsage.user + ownUsage.system) / 1e6 / took,
  };
}

const print = (text: string) => process.stdout.write(`${text}\n`);
const sandbox = await startUpstream({ units: UNITS, latencyMs: 5 });
const gateways = new Map<string, Gateway>();
const figures = new Map<string, Figures[]>(WORKERS.map((workers) => [workers, []]));
try {
  for (const workers of WORKERS) gateways.set(workers, await startGateway(sandbox, workers));
  const [first] = gateways.values();
  if (!first) throw new Error('no gateway');
  const client = new Client(first.port);
  const { data } = JSON.parse((await client.ask(JSON.stringify({ query: CURSORS }))).toString()) as {
    data: { salesUnits: { edges: { cursor: string }[] } };
  };
  client.close();
  const bodies = data.salesUnits.edges.map(({ cursor }) =>
    JSON.stringify({ query: QUERY, variables: { after: cursor } }),
  );
  for (let round = 0; round < Number(rounds); round++)
    for (const workers of round % 2 ? WORKERS.toReversed() : WORKERS) {
      const gateway = gateways.get(workers);
      if (!gateway) continue;
      const found = await measure(gateway, bodies);
      figures.get(workers)?.push(found);
      print(
        `WORKERS=${workers}: ${found.perSecond.toFixed(0)} req/s, ${found.perCpuSecond.toFixed(0)} per CPU second; the clients took ${(100 * found.ownCpu).toFixed(0)} % of a core`,
      );
    }
  const ratio = (name: keyof Figures) => {
    const [one = [], two = []] = WORKERS.map((workers) => figures.get(workers));
    return median(one.map((each, index) => (two[index]?.[name] ?? 0) / each[name])).toFixed(2);
  };
  print(`two to one: ${ratio('perSecond')} × req/s, ${ratio('perCpuSecond')} × per CPU second`);
} finally {
  for (const { child } of gateways.values()) child.kill('SIGTERM');
  await sandbox.stop();
  rmSync(home, { recursive: true });
}
