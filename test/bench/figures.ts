import type { Figures, RowResult } from '../../bench/comparison/measured.ts';

/** Figures of one round. Those that a test does not name are 1. */
export const figures = (some: Partial<Figures>): Figures => ({
  requests: 1,
  ms: 1,
  perSecond: 1,
  p50Ms: 1,
  p99Ms: 1,
  cpuSecondsPerThousand: 1,
  waited: 1,
  upstreamCalls: 1,
  upstreamPeak: 1,
  loopP99Ms: 1,
  idleMb: 1,
  memoryMb: 1,
  peakMb: 1,
  heapMb: 1,
  loadBusy: 1,
  ...some,
});

/** A row with one step. */
export const rowWith = (
  name: string,
  step: string,
  contestants: Readonly<Record<string, readonly Figures[]>>,
): RowResult => ({
  name,
  title: `Row ${name}`,
  units: 1,
  latencyMs: 0,
  steps: [{ name: step, title: step, figure: 'perSecond', contestants }],
  mistakes: [],
});
