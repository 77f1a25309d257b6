import cluster, { type Worker } from 'node:cluster';
import { once } from 'node:events';
import type { Duplex } from 'node:stream';
import { fileURLToPath } from 'node:url';
import type { Log } from '../../telemetry/log.ts';
import { Channel } from '../channel.ts';
import { CHANNEL_FD } from '../channel-fd.ts';
import type { Hello } from '../protocol.ts';

/** A worker that has been started. */
export interface RunningWorker {
  /** Its place, from 1. The worker that replaces it has the same one. */
  readonly number: number;
  readonly channel: Channel;
  /** When it last asked something, in the time of `performance.now()`. Workers do so many times a second. */
  seenAt: number;
}

export interface WorkerProcessesOptions {
  readonly count: number;
  readonly log: Log;
  /** Registers what a worker may ask, before it is started. Returns what must be done when it has ended. */
  readonly serve: (worker: RunningWorker) => () => void;
  /** Called when a worker accepts requests. */
  readonly onStarted: (worker: RunningWorker) => void;
  /** Returns what a worker must know at its start. */
  readonly hello: (number: number) => Hello;
  /** Called when a worker has ended without having been told to. */
  readonly onEnded: () => void;
}

/** A worker that lived for less than this is not replaced at once. */
const SHORT_LIFE_MS = 10_000;
const FIRST_PAUSE_MS = 100;
const MOST_PAUSE_MS = 10_000;
/** A worker that is silent for longer hangs: its clients would wait for ever. */
const MOST_SILENCE_MS = 30_000;
const LOOK_EVERY_MS = 5_000;

/** The processes that accept requests. */
export class WorkerProcesses {
  readonly #options: WorkerProcessesOptions;
  readonly #all = new Map<Worker, RunningWorker>();
  readonly #running = new Set<RunningWorker>();
  readonly #pauses = new Set<NodeJS.Timeout>();
  /** Until all have started, one that ends is a mistake and not replaced. */
  #isStarted = false;
  #isStopping = false;

  constructor(options: WorkerProcessesOptions) {
    this.#options = options;
    const extension = import.meta.url.slice(import.meta.url.lastIndexOf('.'));
    cluster.schedulingPolicy = cluster.SCHED_RR;
    cluster.setupPrimary({
      exec: fileURLToPath(new URL(`../worker/worker-process${extension}`, import.meta.url)),
      args: [],
      stdio: ['inherit', 'inherit', 'inherit', 'ipc', 'pipe'],
    });
  }

  /** Those that accept requests. */
  get running(): ReadonlySet<RunningWorker> {
    return this.#running;
  }

  /** Those that accept requests or soon will. */
  get all(): Iterable<RunningWorker> {
    return this.#all.values();
  }

  /** Resolves when all of them accept requests. Throws if one cannot start. */
  async start(): Promise<void> {
    const numbers = Array.from({ length: this.#options.count }, (_, index) => index + 1);
    try {
      await Promise.all(numbers.map((number) => this.#start(number, 0)));
    } catch (error) {
      this.kill();
      throw error;
    }
    this.#isStarted = true;
    this.#watch();
  }

  /** Lets each finish what it has begun. Ends those that take longer. */
  async stop(graceMs: number): Promise<void> {
    this.#isStopping = true;
    for (const pause of this.#pauses) clearTimeout(pause);
    const ended = [...this.#all].map(([worker, running]) => {
      if (this.#running.has(running)) running.channel.request('stop', undefined).catch(() => {});
      else worker.process.kill('SIGKILL');
      return once(worker, 'exit');
    });
    const timer = setTimeout(() => this.kill(), graceMs);
    await Promise.all(ended);
    clearTimeout(timer);
  }

  kill(): void {
    this.#isStopping = true;
    for (const { process } of this.#all.keys()) process.kill('SIGKILL');
  }

  /** Ends workers that hang, so that they are replaced. */
  #watch(): void {
    let lookedAt = performance.now();
    setInterval(() => {
      const now = performance.now();
      // Time in which this process itself was stopped is no silence of the others.
      const stoppedMs = Math.max(0, now - lookedAt - 2 * LOOK_EVERY_MS);
      lookedAt = now;
      for (const [{ process }, worker] of this.#all) {
        worker.seenAt += stoppedMs;
        if (!this.#running.has(worker) || now - worker.seenAt < MOST_SILENCE_MS) continue;
        this.#options.log.error({ worker: worker.number }, 'a worker hangs');
        process.kill('SIGKILL');
      }
    }, LOOK_EVERY_MS).unref();
  }

  /** Resolves when it accepts requests. Rejects if it ended before. `failures`: how many have ended early in a row. */
  #start(number: number, failures: number): Promise<void> {
    const { log, serve, hello, onStarted, onEnded } = this.#options;
    const startedAt = performance.now();
    const worker = cluster.fork();
    const channel = new Channel(worker.process.stdio[CHANNEL_FD] as Duplex, () => {});
    const running: RunningWorker = { number, channel, seenAt: performance.now() };
    this.#all.set(worker, running);
    const end = serve(running);
    return new Promise((resolve, reject) => {
      worker.once('exit', (code, signal) => {
        this.#all.delete(worker);
        this.#running.delete(running);
        channel.close();
        end();
        reject(new Error(`worker ${number} ended while it started`));
        if (this.#isStopping || !this.#isStarted) return;
        onEnded();
        const isShort = performance.now() - startedAt < SHORT_LIFE_MS;
        const next = isShort ? failures + 1 : 0;
        const pause = isShort ? Math.min(MOST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** failures) : 0;
        log.error({ worker: number, code, signal, replacedInMs: pause }, 'a worker ended');
        const timer = setTimeout(() => {
          this.#pauses.delete(timer);
          this.#start(number, next).catch(() => {});
        }, pause);
        this.#pauses.add(timer);
      });
      channel.request('start', hello(number)).then(
        () => {
          running.seenAt = performance.now();
          this.#running.add(running);
          onStarted(running);
          log.info({ worker: number, pid: worker.process.pid }, 'a worker accepts requests');
          resolve();
        },
        (error) => {
          reject(error);
          worker.process.kill('SIGKILL');
        },
      );
    });
  }
}
