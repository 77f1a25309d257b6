import type { ReadyAnswer } from './ready-answers.ts';

/** What becomes of a request that waits for the run of another. */
export interface Follower {
  /** The answer of that run, which is its own as well. */
  answer(answer: ReadyAnswer): void;
  /** That run has no answer for it, so it needs one of its own. */
  runAlone(): void;
}

/** A run that others may wait for. */
export class SharedRun {
  /** The version of the tenant's data when it began: what began before a write must not answer what came after it. */
  readonly version: number;
  readonly followers: Follower[] = [];

  constructor(version: number) {
    this.version = version;
  }
}

/** Queries under way, by the caller's class and the bytes of the request. The same request at the same time is run once. */
export class SharedRuns {
  readonly #runs = new Map<string, SharedRun>();

  /** Adds a request to a run under way. Returns false if there is none. */
  join(key: string, version: number, follower: Follower): boolean {
    const run = this.#runs.get(key);
    if (run?.version !== version) return false;
    run.followers.push(follower);
    return true;
  }

  begin(key: string, version: number): SharedRun {
    const run = new SharedRun(version);
    this.#runs.set(key, run);
    return run;
  }

  /** Ends a run, with its answer if others may have it. */
  end(key: string, run: SharedRun, answer?: ReadyAnswer): void {
    if (this.#runs.get(key) === run) this.#runs.delete(key);
    for (const follower of run.followers.splice(0)) {
      if (answer) follower.answer(answer);
      else follower.runAlone();
    }
  }
}
