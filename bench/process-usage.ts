import { readdirSync, readFileSync } from 'node:fs';

// Linux only: elsewhere the figures are NaN, and no goal is compared with them.

// Linux counts in hundredths of a second.
const TICK_MS = 10;

/** Memory of a process in MB: now, and the most it ever had. */
export function readMemory(pid: number): { now: number; peak: number } {
  const status = readOrEmpty(`/proc/${pid}/status`);
  const read = (field: string) =>
    Number(new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1]) / 1024;
  return { now: read('VmRSS'), peak: read('VmHWM') };
}

/** Time on a core so far of a process and its threads, in milliseconds. */
export function readCpuMs(pid: number): number {
  return readScheduled(pid) ?? readTicks(pid);
}

/** The scheduler counts nanoseconds, where the system lets others read them. */
function readScheduled(pid: number): number | undefined {
  try {
    const threads = readdirSync(`/proc/${pid}/task`);
    const times = threads.map((thread) =>
      Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')[0]),
    );
    return times.reduce((sum, time) => sum + time, 0) / 1e6;
  } catch {
    return undefined;
  }
}

function readTicks(pid: number): number {
  // The name of the program is in parentheses and may contain spaces.
  const fields = readOrEmpty(`/proc/${pid}/stat`).split(') ').at(-1)?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
}

function readOrEmpty(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
