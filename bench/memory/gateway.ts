import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

/** Of the sandbox, in another process. */
export interface Upstream {
  readonly url: string;
  readonly keys: {
    readonly clientId: string;
    readonly clientSecret: string;
    readonly subscriptionKey: string;
  };
  readonly msns: readonly string[];
}

/** What is left after a collection of garbage. */
export interface Heap {
  readonly usedMiB: number;
  /** Whether Node has loaded the undici that is part of it, of which nothing is needed. */
  readonly hasNodesUndici: boolean;
}

const KEY = `mg_${'a'.repeat(43)}`;
const PROBE = fileURLToPath(new URL('./probe.cjs', import.meta.url));
const MIB = 2 ** 20;

/** A gateway of the installed package, in production and as small as a production gateway can be. */
export class MeasuredGateway {
  readonly origin: string;
  readonly #child: ChildProcess;
  readonly #probeFile: string;

  constructor(child: ChildProcess, port: number, probeFile: string) {
    this.#child = child;
    this.origin = `http://127.0.0.1:${port}`;
    this.#probeFile = probeFile;
  }

  /** Memory of the process in MiB, as the system counts it. */
  residentMiB(): number {
    const [, kibibytes] =
      /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${this.#child.pid}/status`, 'utf8')) ?? [];
    return Number(kibibytes) / 1024;
  }

  /** Collects garbage. Only for a gateway that was started with the probe. */
  async heap(): Promise<Heap> {
    rmSync(this.#probeFile, { force: true });
    this.#child.kill('SIGUSR2');
    while (!existsSync(this.#probeFile)) await sleep(50);
    await sleep(50);
    const { heapUsed, hasNodesUndici } = JSON.parse(readFileSync(this.#probeFile, 'utf8'));
    return { usedMiB: heapUsed / MIB, hasNodesUndici };
  }

  async stop(): Promise<void> {
    const ended = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await ended;
  }
}

export const headers = { 'content-type': 'application/json', authorization: `Bearer ${KEY}` };

/** Starts the command and resolves when it listens. */
export async function startGateway(
  binary: string,
  folder: string,
  { url, keys }: Upstream,
  withProbe: boolean,
): Promise<MeasuredGateway> {
  const tenantsFile = join(folder, 'tenants.json');
  const probeFile = join(folder, 'probe.json');
  const { clientId, clientSecret, subscriptionKey } = keys;
  const sha256 = createHash('sha256').update(KEY).digest('hex');
  const tenant = {
    id: 'bench',
    upstream: { clientId, clientSecret, subscriptionKey },
    keys: [{ sha256, scopes: ['read'] }],
    limits: { pointsPerMinute: 1_000_000_000 },
  };
  writeFileSync(tenantsFile, JSON.stringify({ tenants: [tenant] }), { mode: 0o600 });
  const child = spawn(process.execPath, [...(withProbe ? ['--require', PROBE] : []), binary, 'serve'], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'ignore'],
    // Nothing of the caller's environment goes into what is measured.
    env: {
      NODE_ENV: 'production',
      PORT: '0',
      ADMIN_PORT: '0',
      MANAGEMENT_API_URL: url,
      AUTH: 'api-key',
      TENANTS_FILE: tenantsFile,
      OUTCOMES_FILE: ':memory:',
      DIRECTORY: 'off',
    },
  });
  return new MeasuredGateway(child, await portOf(child), probeFile);
}

/** The port, from the log line that names it; the log is read on, since a full pipe would stop the gateway. */
function portOf(child: ChildProcess): Promise<number> {
  const { stdout } = child;
  if (!stdout) throw new Error('the gateway has no stdout');
  return new Promise((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`the gateway ended with ${code}`)));
    createInterface(stdout).on('line', (line) => {
      if (line.includes('"adminPort"')) resolve(JSON.parse(line).port);
    });
  });
}
