import type { SelectionPlan, Text } from '../../execution/plan.ts';
import type { TextMemory } from '../../execution/run.ts';
import type { OperationContext } from '../context.ts';

/** The text of an object, and what it was made of. */
interface Remembered {
  readonly text: string;
  /** The version of the tenant's data. */
  readonly version: number;
  readonly freshUntil: number;
  readonly oldest: number;
  readonly readsBy: ReadonlyMap<string, number>;
  readonly rows: number;
  readonly scanned: number;
}

/** What all texts of an endpoint may take, without their keys. */
const MOST_BYTES = 16 * 1024 * 1024;
/** Of an entry, besides its text. */
const ENTRY_BYTES = 250;
/** So many different counts are shared by the texts that have them. */
const MOST_READS = 1_000;

/** Bounds the texts of all callers together: when they take too much, all are forgotten. */
export class TextsBound {
  /** Texts of an earlier epoch are forgotten. */
  epoch = 0;
  #bytes = 0;

  add(text: string): void {
    this.#bytes += text.length + ENTRY_BYTES;
    if (this.#bytes <= MOST_BYTES) return;
    this.#bytes = 0;
    this.epoch++;
  }
}

/** Texts of objects for callers that may read the same. Entries go with their objects and their documents. */
export class RememberedTexts {
  readonly #bound: TextsBound;
  #epoch: number;
  readonly #reads = new Map<string, ReadonlyMap<string, number>>();
  #byPlan = new WeakMap<SelectionPlan, WeakMap<object, Remembered>>();

  constructor(bound: TextsBound) {
    this.#bound = bound;
    this.#epoch = bound.epoch;
  }

  /** The same counts as one object: nearly all rows of a list have made the same reads. */
  sameReads(readsBy: ReadonlyMap<string, number>): ReadonlyMap<string, number> {
    let name = '';
    for (const [route, answers] of readsBy) name += `${route} ${answers},`;
    const known = this.#reads.get(name);
    if (known) return known;
    if (this.#reads.size < MOST_READS) this.#reads.set(name, readsBy);
    return readsBy;
  }

  of(plan: SelectionPlan): WeakMap<object, Remembered> {
    if (this.#epoch !== this.#bound.epoch) {
      this.#epoch = this.#bound.epoch;
      this.#byPlan = new WeakMap();
    }
    let texts = this.#byPlan.get(plan);
    if (!texts) {
      texts = new WeakMap();
      this.#byPlan.set(plan, texts);
    }
    return texts;
  }

  add(plan: SelectionPlan, object: object, remembered: Remembered): void {
    this.of(plan).set(object, remembered);
    this.#bound.add(remembered.text);
  }
}

/** The memory of one query. Answers of the upstream that went into a text count as used again. */
export class QueryTexts implements TextMemory {
  /** Reads that were not repeated, by their endpoint. */
  readonly reused = new Map<string, number>();
  readonly #texts: RememberedTexts;
  readonly #context: OperationContext;
  readonly #versionNow: () => number;
  readonly #version: number;
  readonly #now = performance.now();

  constructor(texts: RememberedTexts, context: OperationContext) {
    this.#texts = texts;
    this.#context = context;
    this.#versionNow = () => context.caller.client.dataVersion();
    this.#version = this.#versionNow();
  }

  textOf(plan: SelectionPlan, object: unknown, make: () => Text, errors: readonly unknown[]): Text {
    if (typeof object !== 'object' || object === null) return make();
    const known = this.#texts.of(plan).get(object);
    if (known && known.version === this.#version && known.freshUntil > this.#now) {
      this.#reuse(known);
      return known.text;
    }
    return this.#made(plan, object, make, errors);
  }

  #reuse({ oldest, freshUntil, readsBy, rows, scanned }: Remembered): void {
    const { scope, work } = this.#context;
    if (oldest !== Number.POSITIVE_INFINITY) scope.uses(oldest, freshUntil);
    work.rows += rows;
    work.scanned += scanned;
    for (const [route, answers] of readsBy) {
      scope.servedFromCache(route, answers);
      this.reused.set(route, (this.reused.get(route) ?? 0) + answers);
    }
  }

  /** Makes a text, and remembers it if nothing was missing, failed or waited for. */
  #made(plan: SelectionPlan, object: object, make: () => Text, errors: readonly unknown[]): Text {
    const { scope, work, addedErrors, logOnlyErrors } = this.#context;
    const { oldest, freshUntil, readsBy, calls } = scope;
    const { rows, scanned } = work;
    const failures = () => errors.length + addedErrors.length + logOnlyErrors.length;
    const failed = failures();
    scope.oldest = Number.POSITIVE_INFINITY;
    scope.freshUntil = Number.POSITIVE_INFINITY;
    scope.readsBy = new Map();
    let text: Text | undefined;
    try {
      text = make();
      return text;
    } finally {
      const made = {
        version: this.#version,
        oldest: scope.oldest,
        freshUntil: scope.freshUntil,
        readsBy: scope.readsBy,
        rows: work.rows - rows,
        scanned: work.scanned - scanned,
      };
      scope.oldest = Math.min(oldest, made.oldest);
      scope.freshUntil = Math.min(freshUntil, made.freshUntil);
      scope.readsBy = readsBy;
      for (const [route, answers] of made.readsBy) readsBy.set(route, (readsBy.get(route) ?? 0) + answers);
      const isWhole = typeof text === 'string' && scope.calls === calls && failures() === failed;
      if (isWhole && made.freshUntil > this.#now && this.#versionNow() === this.#version)
        this.#texts.add(plan, object, {
          text: text as string,
          ...made,
          readsBy: this.#texts.sameReads(made.readsBy),
        });
    }
  }
}
