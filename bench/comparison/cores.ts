import { execFileSync, spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';

/** What is measured has a core to itself. Upstream and load share another one. */
export const cores = { contestant: '0', others: '1', all: '0,1' };

/** Whether processes can be kept on one core. */
export const canPin = availableParallelism() > 1 && spawnSync('taskset', ['-V']).status === 0;

/** The command that starts a program on one core. taskset becomes that program, so that the pid is the right one. */
export function pinned(core: string, program: string, args: readonly string[]): [string, string[]] {
  return canPin ? ['taskset', ['-c', core, program, ...args]] : [program, [...args]];
}

/** Keeps this process, with all its threads, off the core of what it measures. */
export function pinThisProcess(): void {
  if (canPin)
    execFileSync('taskset', ['-a', '-c', '-p', cores.others, String(process.pid)], { stdio: 'ignore' });
}
