import { setImmediate as nextTurn } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { ChangesExpired, type StoredChanges } from '../../directory/changes/change.ts';
import {
  type DirectoryIndex,
  DirectoryUnavailable,
  type StoredAnswer,
} from '../../directory/directory-index.ts';
import { fromJson, toJson } from './json.ts';
import type { FromWorker, OpenRequest, ToWorker } from './protocol.ts';

/** What happens to a directory. */
export interface DirectoryEvents {
  /** Its file cannot be used. Every method tries again, and throws {@link DirectoryUnavailable} if it still cannot. */
  readonly onFailure: (error: unknown) => void;
  /** Its file was damaged, was set aside and is begun anew. */
  readonly onDamage: (reason: string) => void;
  /** Changes were stored, in their order. A crash of the thread may lose word of some, which are stored all the same. */
  readonly onChanges: (stored: StoredChanges) => void;
}

type WithoutId<T> = T extends unknown ? Omit<T, 'id'> : never;

/** Rows of a list that are packed in one turn of the event loop: an order has ten times as much text as a row of the units. */
const SLICE = 200;

/** Rows and answers live briefly. With V8's own bound, what they leave behind takes 30 MB. */
const YOUNG_MB = 6;

/** The thread that all directories of the process live in. It starts with the first one, and again after a crash. */
export class DirectoryThread {
  readonly #opened = new Map<string, { readonly request: OpenRequest; readonly events: DirectoryEvents }>();
  readonly #waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  #worker: Worker | undefined;
  #nextId = 0;

  /** Opens a directory, or creates it. */
  open(request: OpenRequest, events: DirectoryEvents): DirectoryIndex {
    // A tenant that comes back may be opened before it has been closed.
    const file = `${this.#nextId} ${request.path}`;
    this.#ask({ file, method: 'open', request }).catch(events.onFailure);
    this.#opened.set(file, { request, events });
    const call =
      (method: Exclude<keyof DirectoryIndex, 'close' | 'store'>) =>
      (...args: unknown[]) =>
        this.#ask({ file, method, args: toJson(args) });
    const names = [
      'ready',
      'takeDue',
      'postpone',
      'units',
      'merchants',
      'facets',
      'counts',
      'salesUnit',
      'merchant',
      'salesUnits',
      'merchantSalesUnits',
      'list',
      'changes',
      'countChanges',
      'productOrderTimes',
    ] as const;
    return {
      ...(Object.fromEntries(names.map((name) => [name, call(name)])) as unknown as DirectoryIndex),
      store: (answers) => this.#store(file, answers),
      close: async () => {
        this.#opened.delete(file);
        await this.#ask({ file, method: 'close' });
      },
    };
  }

  /** Ends the thread. Close every directory first. */
  async stop(): Promise<void> {
    const worker = this.#worker;
    this.#worker = undefined;
    await worker?.terminate();
  }

  async #store(file: string, answers: readonly StoredAnswer[]): Promise<void> {
    const packed: string[] = [];
    for (const answer of answers) {
      if (!Array.isArray(answer.value) || answer.value.length <= SLICE) {
        packed.push(toJson(answer));
        continue;
      }
      const parts: string[] = [];
      for (let start = 0; start < answer.value.length; start += SLICE) {
        parts.push(toJson(answer.value.slice(start, start + SLICE)).slice(1, -1));
        await nextTurn();
      }
      packed.push(
        `${toJson({ ...answer, value: [] }).replace('"value":[]', () => `"value":[${parts.join(',')}]`)}`,
      );
    }
    await this.#ask({ file, method: 'store', args: `[[${packed.join(',')}]]` });
  }

  #ask(message: WithoutId<ToWorker>): Promise<never> {
    const worker = this.#worker ?? this.#start();
    return new Promise((resolve, reject) => {
      const id = this.#nextId++;
      this.#waiting.set(id, { resolve: resolve as (value: unknown) => void, reject });
      worker.postMessage({ ...message, id });
    });
  }

  #start(): Worker {
    const extension = import.meta.url.slice(import.meta.url.lastIndexOf('.'));
    const worker = new Worker(new URL(`./directory-worker${extension}`, import.meta.url), {
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB },
    });
    worker.unref();
    worker.on('message', (message: FromWorker) => this.#receive(message));
    let failure = new Error('its thread ended');
    worker.on('error', (error: Error) => {
      failure = error;
    });
    worker.on('exit', () => {
      if (this.#worker === worker) this.#worker = undefined;
      for (const [id, { reject }] of this.#waiting) {
        this.#waiting.delete(id);
        reject(new DirectoryUnavailable(failure.message, { cause: failure }));
      }
    });
    this.#worker = worker;
    for (const [file, { request }] of this.#opened)
      void this.#ask({ file, method: 'open', request }).catch(() => {});
    return worker;
  }

  #receive(message: FromWorker): void {
    if ('file' in message) {
      const events = this.#opened.get(message.file)?.events;
      if ('damage' in message) events?.onDamage(message.damage);
      else events?.onChanges(fromJson(message.changes));
      return;
    }
    const waiting = this.#waiting.get(message.id);
    this.#waiting.delete(message.id);
    if ('expired' in message) waiting?.reject(new ChangesExpired(message.expired));
    else if ('error' in message) waiting?.reject(new DirectoryUnavailable(message.error));
    else waiting?.resolve(fromJson(message.result) ?? undefined);
  }
}
