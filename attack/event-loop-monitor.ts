import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** What the process under attack writes to stderr on SIGUSR2. */
export interface LoopReport {
  /** The longest delay of a timer, which other processes can cause too. */
  readonly lateMs: number;
  /** The most CPU time that the main thread used between two turns of a timer, whatever else the machine does. */
  readonly busyMs: number;
  /** Heap in use after a garbage collection. */
  readonly heapBytes: number;
}

export const REPORT = 'event-loop ';
const EVERY_MS = 10;

// Newer versions of Node tell the work of the main thread alone.
type Cpu = () => { user: number; system: number };
const cpuUsage = ((process as { threadCpuUsage?: Cpu }).threadCpuUsage ?? process.cpuUsage).bind(
  process,
) as Cpu;
const cpuMs = () => {
  const { user, system } = cpuUsage();
  return (user + system) / 1000;
};

// Loaded into the gateway by --import, and read by the suite, which must not start a monitor of its own.
export function watchEventLoop(): void {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const delay = monitorEventLoopDelay({ resolution: EVERY_MS });
  delay.enable();
  let before = cpuMs();
  let busyMs = 0;
  setInterval(() => {
    const now = cpuMs();
    busyMs = Math.max(busyMs, now - before);
    before = now;
  }, EVERY_MS).unref();
  process.on('SIGUSR2', () => {
    const lateMs = Math.max(0, delay.max / 1e6 - EVERY_MS);
    const report: LoopReport = { lateMs, busyMs, heapBytes: heapAfter(collect) };
    process.stderr.write(`${REPORT}${JSON.stringify(report)}\n`);
    delay.reset();
    before = cpuMs();
    busyMs = 0;
  });
}

function heapAfter(collect: () => void): number {
  // The first one may end a collection that began before, which keeps what has become garbage since.
  collect();
  collect();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
