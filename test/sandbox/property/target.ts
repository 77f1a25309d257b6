import { Pool } from 'undici';
import type { SandboxCallers } from '../../../src/sandbox/keys/callers.ts';
import type { SandboxData } from '../../../src/sandbox/sandbox-data.ts';
import { startSandbox } from '../../../src/sandbox/server.ts';
import { startCli } from '../../cli/cli-process.ts';

/** A request as it goes to the socket: nothing in it is tidied up on the way. */
export interface Sent {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

/** A request in short, for an error: tokens are long and tell nothing. */
export function describeRequest({ method, path, headers, body = '' }: Sent): string {
  const shown = Object.entries(headers).map(([name, value]) => `${name}: ${value.slice(0, 60)}`);
  return `${method} ${path.slice(0, 200)}\n${shown.join('\n')}\n${body.toString().slice(0, 1000)}`;
}

export interface Received {
  readonly status: number;
  readonly contentType: string | undefined;
  readonly text: string;
}

/** A sandbox in a process of its own, and what a test needs to know about its data. */
export interface Target extends AsyncDisposable {
  readonly url: string;
  readonly callers: SandboxCallers;
  readonly data: SandboxData;
  readonly stderr: string;
  /** Requests sent so far, control requests left out. */
  readonly sent: number;
  send(request: Sent): Promise<Received>;
  control(path: string, body?: object): Promise<Received>;
  /** True while the process runs and answers. */
  isAlive(): Promise<boolean>;
}

export async function startTarget({ seed, units }: { seed: number; units: number }): Promise<Target> {
  const cli = startCli(['sandbox'], {
    SANDBOX_SEED: String(seed),
    SANDBOX_UNITS: String(units),
    SANDBOX_LATENCY_MS: '0',
    SANDBOX_PORT: '0',
  });
  const url = await cli.until(({ stdout }) => /(http:\/\/127\.0\.0\.1:\d+)\s/.exec(stdout)?.[1]);
  // The same seed has the same keys and data, so a sandbox in this process tells what the other one knows.
  await using twin = await startSandbox({ seed, units });
  const pool = new Pool(url, { connections: 8 });
  let sent = 0;

  const exchange = async ({ method, path, headers, body }: Sent): Promise<Received> => {
    const answer = await pool.request({ method, path, headers, body: body ?? null });
    const contentType = answer.headers['content-type'];
    return {
      status: answer.statusCode,
      contentType: Array.isArray(contentType) ? contentType.join() : contentType,
      text: await answer.body.text(),
    };
  };

  return {
    url,
    callers: twin.callers,
    data: twin.data,
    get stderr() {
      return cli.stderr;
    },
    get sent() {
      return sent;
    },
    send(request) {
      sent++;
      return exchange(request);
    },
    control: (path, body) =>
      exchange({
        method: 'POST',
        path: `/_sandbox/${path}`,
        headers: {},
        ...(body && { body: JSON.stringify(body) }),
      }),
    isAlive: async () =>
      (await exchange({ method: 'GET', path: '/_sandbox/stats', headers: {} })).status === 200,
    [Symbol.asyncDispose]: async () => {
      await pool.destroy();
      await cli[Symbol.asyncDispose]();
    },
  };
}
