/** Which files of the configuration differ from what is in use, because they were changed with a mistake. */
export class ConfigurationFreshness {
  readonly #now: () => number;
  readonly #staleSince = new Map<string, number>();

  /** `now` is a monotonic clock in milliseconds. */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** The settings that name the files. */
  get staleNames(): readonly string[] {
    return [...this.#staleSince.keys()];
  }

  /** How long the first of them has differed, in seconds; 0 if none does. */
  get staleSeconds(): number {
    const [first] = this.#staleSince.values();
    return first === undefined ? 0 : (this.#now() - first) / 1_000;
  }

  mark(name: string, isStale: boolean): void {
    if (!isStale) this.#staleSince.delete(name);
    else if (!this.#staleSince.has(name)) this.#staleSince.set(name, this.#now());
  }
}
