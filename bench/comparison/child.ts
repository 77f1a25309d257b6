import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { cores, pinned } from './cores.ts';

/** A process that the benchmark has started. */
export interface Child {
  readonly pid: number;
  /** Resolves to the next message that it sends. Rejects when it ends. */
  hear<T>(): Promise<T>;
  send(message: object): void;
  hasEnded(): boolean;
  stop(): Promise<void>;
}

export interface ChildOptions {
  readonly core: keyof typeof cores;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Files for its output, of a process that sends no messages. */
  readonly output?: { readonly stdout: number; readonly stderr: number };
}

/** Starts a script with the Node of this process, and with nothing of its environment. */
export function startChild(script: URL, options: ChildOptions): Child {
  const { core, args = [], env = {}, output } = options;
  const [command, all] = pinned(cores[core], process.execPath, [fileURLToPath(script), ...args]);
  const child = spawn(command, all, {
    env,
    stdio: output ? ['ignore', output.stdout, output.stderr] : ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  const ended = once(child, 'exit');
  return {
    pid: child.pid ?? 0,
    hear: () => nextMessage(child, script),
    send: (message) => child.send(message),
    hasEnded: () => child.exitCode !== null,
    async stop() {
      process.off('exit', kill);
      kill();
      await ended;
    },
  };
}

async function nextMessage<T>(child: ChildProcess, script: URL): Promise<T> {
  const end = new AbortController();
  try {
    const [message] = await Promise.race([
      once(child, 'message', { signal: end.signal }),
      once(child, 'exit', { signal: end.signal }).then(([code]) => {
        throw new Error(`${script.pathname} ended with ${code}`);
      }),
    ]);
    return message as T;
  } finally {
    end.abort();
  }
}
