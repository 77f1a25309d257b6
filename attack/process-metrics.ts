import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { CliProcess } from '../test/cli/cli-process.ts';
import { type LoopReport, REPORT } from './event-loop-monitor.ts';

/** Loads the event loop monitor into a process. */
export const MONITORED = {
  NODE_OPTIONS: `--import=${fileURLToPath(new URL('event-loop-monitor-process.ts', import.meta.url))}`,
};

/** Returns what the event loop of the process did since the last call. */
export async function readEventLoop(process: CliProcess): Promise<LoopReport> {
  const from = process.stderr.length;
  process.send('SIGUSR2');
  const line = await process.until(({ stderr }) =>
    stderr
      .slice(from)
      .split('\n')
      .slice(0, -1)
      .find((text) => text.startsWith(REPORT)),
  );
  return JSON.parse(line.slice(REPORT.length));
}

const TICK_MS = 10;

/** Returns the CPU time used so far, in milliseconds: of the main thread where the system reports it, else of the process. */
export function readCpuMs(pid: number): number {
  try {
    const [nanoseconds] = readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ');
    return Number(nanoseconds) / 1e6;
  } catch {
    // The program name is in parentheses and may contain spaces.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
    return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
  }
}

/** Returns the memory that a process takes. */
export function residentBytes({ pid }: { readonly pid: number }): number {
  const [, kilobytes = '0'] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kilobytes) * 1024;
}
