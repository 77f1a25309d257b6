import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** The command. */
export const binary = fileURLToPath(new URL('../../bin/management-graphql.js', import.meta.url));
/** Node keeps compiled sources here, which saves each process after the first almost half of its start. */
const COMPILED = {
  NODE_COMPILE_CACHE: fileURLToPath(new URL('../../node_modules/.cache/node-compile-cache', import.meta.url)),
};

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A real process of the command line. Disposing kills it when it still runs. */
export interface CliProcess extends AsyncDisposable {
  readonly pid: number | undefined;
  /** Everything written so far. */
  readonly stdout: string;
  readonly stderr: string;
  /** The lines of stdout, each of which must be a JSON object. */
  readonly logs: readonly Record<string, unknown>[];
  readonly exited: Promise<Exit>;
  send(signal: NodeJS.Signals): void;
  /** Reads nothing more of what the process writes, until `resumeOutput`. */
  pauseOutput(): void;
  resumeOutput(): void;
  /** Resolves when `read` finds something in what was written; rejects when the process ends first. */
  until<T>(read: (process: CliProcess) => T | undefined): Promise<T>;
}

/** A process of the command line. Without a directory unless `env` says otherwise: its calls would be counted as the test's. */
export const startCli = (args: readonly string[], env: Record<string, string> = {}): CliProcess =>
  startNode(binary, args, { DIRECTORY: 'off', ...env });

/** The process sees `env` and nothing else of the machine's settings, which must not decide a test. */
export const startNode = (file: string, args: readonly string[], env: Record<string, string>): CliProcess =>
  startProgram(process.execPath, [file, ...args], { ...COMPILED, ...env });

/** A gateway that can make no file longer than `blocks` of 512 or 1024 bytes, which depends on the shell. */
export const startLimited = (blocks: number, env: Record<string, string>): CliProcess =>
  startProgram(
    '/bin/sh',
    ['-c', `ulimit -f ${blocks}; exec "$0" "$@"`, process.execPath, binary, 'serve'],
    env,
  );

/** Any program, with `env` and nothing else of the machine's settings. */
export function startProgram(
  program: string,
  args: readonly string[],
  env: Record<string, string>,
): CliProcess {
  const child = spawn(program, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  // `close` and not `exit`: only then is everything read that was written.
  const exited = once(child, 'close').then(([code, signal]): Exit => ({ code, signal }));

  const self: CliProcess = {
    pid: child.pid,
    get stdout() {
      return stdout;
    },
    get stderr() {
      return stderr;
    },
    get logs() {
      const whole = stdout.slice(0, stdout.lastIndexOf('\n') + 1);
      return whole.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line)]));
    },
    exited,
    send: (signal) => void child.kill(signal),
    pauseOutput: () => void child.stdout.pause(),
    resumeOutput: () => void child.stdout.resume(),
    until: (read) => until(child, () => read(self)),
    [Symbol.asyncDispose]: async () => {
      child.kill('SIGKILL');
      await exited;
    },
  };
  return self;
}

function until<T>(child: ChildProcess, read: () => T | undefined): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      child.stdout?.off('data', look);
      child.stderr?.off('data', look);
      child.off('close', fail);
    };
    const look = () => {
      try {
        const found = read();
        if (found === undefined) return;
        stop();
        resolve(found);
      } catch (error) {
        stop();
        reject(error);
      }
    };
    const fail = () => {
      look();
      stop();
      reject(new Error('The process ended before it wrote what was waited for.'));
    };
    child.stdout?.on('data', look);
    child.stderr?.on('data', look);
    child.once('close', fail);
    if (child.exitCode !== null || child.signalCode !== null) fail();
    else look();
  });
}

export interface Outcome extends Exit {
  readonly stdout: string;
  readonly stderr: string;
  /** From the start of the process to its end. */
  readonly ms: number;
}

/** Runs a command that ends by itself. */
export async function runCli(args: readonly string[], env: Record<string, string> = {}): Promise<Outcome> {
  const startedAt = performance.now();
  await using cli = startCli(args, env);
  const exit = await cli.exited;
  return { ...exit, stdout: cli.stdout, stderr: cli.stderr, ms: performance.now() - startedAt };
}
