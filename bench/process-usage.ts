import { readdirSync, readFileSync } from 'node:fs';

// Linux only. Elsewhere all figures are NaN.

// Linux counts in hundredths of a second.
const TICK_MS = 10;

export interface Memory {
  /** In MB. */
  readonly now: number;
  /** The most it ever had. */
  readonly peak: number;
}

export interface CpuUsage {
  /** Time on a core so far, in milliseconds. */
  readonly usedMs: number;
  /** How long its main thread was ready and had to wait for a core. NaN where the system does not tell. */
  readonly waitedMs: number;
}

/** Memory of a process and of those that it has started. */
export function readMemory(pid: number): Memory {
  const all = processTree(pid).map(readOwnMemory);
  return { now: sum(all.map(({ now }) => now)), peak: sum(all.map(({ peak }) => peak)) };
}

/** CPU time of a process and of those that it has started. */
export function readCpu(pid: number): CpuUsage {
  const all = processTree(pid).map(readOwnCpu);
  return { usedMs: sum(all.map(({ usedMs }) => usedMs)), waitedMs: sum(all.map(({ waitedMs }) => waitedMs)) };
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

function processTree(pid: number): number[] {
  const children = threadsOf(pid).flatMap((thread) =>
    readOrEmpty(`/proc/${pid}/task/${thread}/children`)
      .split(' ')
      .filter((child) => child !== '')
      .map(Number),
  );
  return [pid, ...children.flatMap(processTree)];
}

function readOwnMemory(pid: number): Memory {
  const status = readOrEmpty(`/proc/${pid}/status`);
  const read = (field: string) =>
    Number(new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1]) / 1024;
  return { now: read('VmRSS'), peak: read('VmHWM') };
}

/** The scheduler counts nanoseconds, where the system lets others read them. */
function readOwnCpu(pid: number): CpuUsage {
  const read = (thread: string | number) =>
    readOrEmpty(`/proc/${pid}/task/${thread}/schedstat`)
      .split(' ')
      .map((text) => Number(text || Number.NaN) / 1e6);
  const used = sum(threadsOf(pid).map((thread) => read(thread)[0] ?? Number.NaN));
  return { usedMs: used > 0 ? used : readTicks(pid), waitedMs: read(pid)[1] ?? Number.NaN };
}

function readTicks(pid: number): number {
  // The name of the program is in parentheses and may contain spaces.
  const fields = readOrEmpty(`/proc/${pid}/stat`).split(') ').at(-1)?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
}

function threadsOf(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/task`);
  } catch {
    return [];
  }
}

function readOrEmpty(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
