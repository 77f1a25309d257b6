import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { request } from 'undici';
import type { FloorOrder } from './processes/floor.ts';
import type { SandboxOrder } from './processes/sandbox.ts';
import type { Keys } from './sandbox-keys.ts';

/** A process that is ready for its first request. */
export interface Running {
  readonly url: string;
  stop(): Promise<void>;
}

export interface RunningSandbox extends Running {
  readonly keys: Keys;
  readonly msns: readonly string[];
}

/** The gateway's default, and as many for the floor. */
export const CONNECTIONS = 64;

const READY_WITHIN_MS = 15_000;

const fileOf = (path: string) => fileURLToPath(new URL(path, import.meta.url));
// Nothing of the caller's environment goes into what is measured.
const env = {};

export const startSandbox = (order: SandboxOrder) => forked<RunningSandbox>('./processes/sandbox.ts', order);

export const startFloor = ({ url, keys }: RunningSandbox) =>
  forked<Running>('./processes/floor.ts', {
    upstream: url,
    keys,
    connections: CONNECTIONS,
  } satisfies FloorOrder);

/** The gateway as users start it. Resolves when `/readyz` says that it is ready. */
export async function startGateway(
  { url, keys }: RunningSandbox,
  settings: { readonly cache: 'on' | 'off' },
): Promise<Running> {
  const child = spawn(process.execPath, [fileOf('../bin/management-graphql.js'), 'serve'], {
    stdio: ['ignore', 'pipe', 'ignore'],
    env: {
      PORT: '0',
      ADMIN_PORT: '0',
      MANAGEMENT_API_URL: url,
      VIPPS_CLIENT_ID: keys.clientId,
      VIPPS_CLIENT_SECRET: keys.clientSecret,
      VIPPS_SUBSCRIPTION_KEY: keys.subscriptionKey,
      AUTH: 'none',
      OUTCOMES_FILE: ':memory:',
      DIRECTORY: 'off',
      UPSTREAM_CONCURRENCY: String(CONNECTIONS),
      CACHE: settings.cache,
    },
  });
  // Unlike the forked ones it does not see this process end.
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  const { port, adminPort } = await listening(child);
  await ready(`http://127.0.0.1:${adminPort}/readyz`);
  return {
    url: `http://127.0.0.1:${port}`,
    stop: () => {
      process.off('exit', kill);
      return stop(child);
    },
  };
}

/** The ports, from the log line that names them; the log is read on, since a full pipe would stop the gateway. */
async function listening(child: ChildProcess): Promise<{ port: number; adminPort: number }> {
  if (!child.stdout) throw new Error('the gateway has no stdout');
  const lines = createInterface(child.stdout);
  return new Promise((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`the gateway ended with ${code}`)));
    lines.on('line', (line) => {
      if (line.includes('"adminPort"')) resolve(JSON.parse(line));
    });
  });
}

async function ready(url: string): Promise<void> {
  const signal = AbortSignal.timeout(READY_WITHIN_MS);
  for (;;) {
    const { statusCode, body } = await request(url, { signal });
    await body.dump();
    if (statusCode === 200) return;
    await sleep(20);
  }
}

async function forked<T extends Running>(file: string, order: object): Promise<T> {
  const child = fork(fileOf(file), [JSON.stringify(order)], { env });
  const [ready] = await Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(([code]) => {
      throw new Error(`${file} ended with ${code}`);
    }),
  ]);
  return { ...(ready as T), stop: () => stop(child) };
}

async function stop(child: ChildProcess): Promise<void> {
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}
