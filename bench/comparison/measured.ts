/** What one contestant did in one load. NaN, which JSON writes as null, where nobody knows. */
export interface Figures {
  readonly requests: number;
  /** Of the whole load, or from the start of the process. */
  readonly ms: number;
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly cpuSecondsPerThousand: number;
  /** Share of the time that it was ready to compute and had to wait: how much others disturbed it. */
  readonly waited: number;
  readonly upstreamCalls: number;
  readonly upstreamPeak: number;
  readonly loopP99Ms: number;
  /** When it was ready. */
  readonly idleMb: number;
  /** After the load. */
  readonly memoryMb: number;
  readonly peakMb: number;
  /** In use after garbage collection, where a step asks for it. */
  readonly heapMb: number;
  /** Share of the time that the load process computed. */
  readonly loadBusy: number;
}

export interface StepResult {
  readonly name: string;
  readonly title: string;
  readonly figure: 'perSecond' | 'ms';
  /** The figures of each round, by contestant. All have the same rounds, in the same order. */
  readonly contestants: Readonly<Record<string, readonly Figures[]>>;
}

export interface Mistake {
  readonly text: string;
  /** Whether the gateway or the floor made it: then the benchmark fails. */
  readonly isOurs: boolean;
}

export interface RowResult {
  readonly name: string;
  readonly title: string;
  readonly units: number;
  readonly latencyMs: number;
  readonly steps: readonly StepResult[];
  /** What was not as it must be: calls, answers, errors. */
  readonly mistakes: readonly Mistake[];
}
