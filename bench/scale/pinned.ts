import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { readCpu, readMemory } from '../process-usage.ts';

/** A process that may use one core only, and says where it listens. */
export interface Pinned {
  readonly url: string;
  /** Everything that it had printed when it was ready. */
  readonly printed: string;
  /** From the start of the process until it listened. */
  readonly startedInMs: number;
  /** Memory in MB: now, and the most it ever had. */
  memory(): { now: number; peak: number };
  /** Time on its core so far, in milliseconds. */
  cpuMs(): number;
  stop(): Promise<void>;
}

const SERVER_CORE = '0';
const CLIENT_CORE = '1';

/** Starts a script of this repository, which prints a URL once it listens. */
export async function startPinned(
  script: string,
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<Pinned> {
  const file = fileURLToPath(new URL(`../../${script}`, import.meta.url));
  const startedAt = performance.now();
  // taskset becomes the process it starts, so that the pid is the one to look at.
  const child = spawn('taskset', ['-c', SERVER_CORE, process.execPath, file, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env,
  });
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  const [first] = await Promise.race([
    once(child.stdout, 'data'),
    once(child, 'exit').then(([code]) => Promise.reject(new Error(`${script} ended with ${code}`))),
  ]);
  const startedInMs = performance.now() - startedAt;
  const printed = String(first);
  const [, url = ''] = /(http:\/\/127\.0\.0\.1:\d+)\s/.exec(printed) ?? [];
  return {
    url,
    printed,
    startedInMs,
    memory: () => readMemory(child.pid ?? 0),
    cpuMs: () => readCpu(child.pid ?? 0).usedMs,
    async stop() {
      process.off('exit', kill);
      const ended = once(child, 'exit');
      kill();
      await ended;
    },
  };
}

/** Keeps this process, and all its threads, off the core of what it measures. */
export function pinClient(): void {
  execFileSync('taskset', ['-a', '-c', '-p', CLIENT_CORE, String(process.pid)], { stdio: 'ignore' });
}
