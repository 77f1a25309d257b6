import type { Figures, RowResult } from './measured.ts';

/** A figure of one contestant in one step. */
export interface Place {
  readonly row: string;
  readonly step: string;
  readonly who: string;
  readonly figure: keyof Figures;
}

/** What the gateway promises: a figure, or its ratio to another one. */
export interface Goal {
  readonly text: string;
  readonly of: Place;
  /** In the same round where both are in one row, else median over median. */
  readonly over?: Place;
  readonly atMost?: number;
  readonly atLeast?: number;
}

const at = (row: string, step: string, who: string, figure: keyof Figures): Place => ({
  row,
  step,
  who,
  figure,
});

/** The page of `row` may take so many times as long as by hand. */
const page = (row: string, step: string, who: string, atMost: number): Goal => ({
  text: `${row} ${step}: ${who} over floor`,
  of: at(row, step, who, 'ms'),
  over: at(row, step, 'floor', 'ms'),
  atMost,
});

const speed = (row: string, step: string, who: string, other: string, atLeast: number): Goal => ({
  text: `${row} ${step}: requests per second, ${who} over ${other}`,
  of: at(row, step, who, 'perSecond'),
  over: at(row, step, other, 'perSecond'),
  atLeast,
});

const fixedGoals: readonly Goal[] = [
  page('q1-1000', 'cold', 'gateway', 1.1),
  page('q1-1000', 'repeated', 'gateway-uncached', 1.08),
  { ...page('q1-1000', 'repeated', 'gateway', 0.03), text: 'q1-1000 warm: gateway over floor' },
  page('q1-1000-128', 'cold', 'gateway', 1.15),
  page('q1-1000-128', 'repeated', 'gateway-uncached', 1.15),
  ...(['cold', 'repeated'] as const).map((step) => ({
    text: `q1 ${step}: 5,000 units over 1,000, gateway-uncached`,
    of: at('q1-5000', step, 'gateway-uncached', 'ms'),
    over: at('q1-1000', step, 'gateway-uncached', 'ms'),
    atMost: 5.3,
  })),
  ...(['gateway', 'gateway-uncached'] as const).flatMap((who) => [
    {
      text: `stampede: upstream calls, ${who}`,
      of: at('stampede', 'stampede', who, 'upstreamCalls'),
      atMost: 121,
      atLeast: 121,
    },
    {
      text: `stampede: time of 50 clients over one cold client, ${who}`,
      of: at('stampede', 'stampede', who, 'ms'),
      over: at('q1-100', 'cold', who, 'ms'),
      atMost: 1.5,
    },
  ]),
  speed('q2v', 'warm', 'gateway', 'constant', 0.75),
  {
    text: 'q2v warm: p99 over p50, gateway',
    of: at('q2v', 'warm', 'gateway', 'p99Ms'),
    over: at('q2v', 'warm', 'gateway', 'p50Ms'),
    atMost: 3,
  },
  speed('q2v-unseen', 'unseen', 'gateway', 'floor', 2),
  speed('q2v-uncached', 'uncached', 'gateway-uncached', 'floor', 0.8),
  speed('page', 'page', 'gateway', 'yoga-cached', 7),
  speed('q3', 'warm', 'gateway', 'constant', 0.75),
  { text: 'start: ms to the first answer, gateway', of: at('start', 'start', 'gateway', 'ms'), atMost: 500 },
  { text: 'start: MB when idle, gateway', of: at('start', 'start', 'gateway', 'idleMb'), atMost: 110 },
  {
    text: 'million: heap after all over heap after the first tenth, gateway',
    of: at('million', 'million', 'gateway', 'heapMb'),
    over: at('million', 'first', 'gateway', 'heapMb'),
    atMost: 1.05,
  },
  speed('workers', 'page', 'gateway-2-workers', 'gateway-1-workers', 1.7),
  {
    text: 'million: MB after 1,000,000 requests, gateway',
    of: at('million', 'million', 'gateway', 'memoryMb'),
    atMost: 180,
  },
];

const LOOP_P99_MS = 20;

/** All goals: those of the event loop are for every row. */
export const goalsFor = (rows: readonly RowResult[]): Goal[] => [...fixedGoals, ...loopGoals(rows)];

/** In each row. */
const loopGoals = (rows: readonly RowResult[]): Goal[] =>
  rows.flatMap(({ name: row, steps }) =>
    steps.flatMap(({ name: step, contestants }) =>
      Object.keys(contestants)
        .filter((who) => who === 'gateway' || who === 'gateway-uncached')
        .map((who) => ({
          text: `${row} ${step}: event-loop delay p99 in ms, ${who}`,
          of: at(row, step, who, 'loopP99Ms'),
          atMost: LOOP_P99_MS,
        })),
    ),
  );
