import type { Contestant, ContestantSetup } from './contestant.ts';
import type { LoadOrder } from './load-order.ts';
import type { Question } from './questions.ts';
import type { Upstream } from './upstream.ts';

/** One kind of work that all contestants do. */
export interface Row {
  /** As on the command line. */
  readonly name: string;
  readonly title: string;
  readonly upstream: { readonly units: number; readonly latencyMs: number };
  readonly contestants: readonly Omit<ContestantSetup, 'connections' | 'folder' | 'endpoint'>[];
  /** Connections to the upstream; 64 when left out, the default of the gateway. */
  readonly connections?: number;
  /** More variables of the gateway. */
  readonly env?: Readonly<Record<string, string>>;
  /**
   * `kept`: all contestants run from the first round to the last; `fresh`: each round has new ones; `alone`: and none of
   * them runs while another one does.
   */
  readonly processes: 'kept' | 'fresh' | 'alone';
  /** What is asked once before it is measured, so that the data is there. */
  readonly warmUp?: (upstream: Upstream) => Question;
  /** The question whose answer the constant server gives. */
  readonly constant?: (upstream: Upstream) => Question;
  /** In this order. */
  readonly steps: readonly Step[];
  /** How many rounds at most. */
  readonly mostRounds?: number;
  /** Takes minutes: left out of a quick run that does not name it. */
  readonly isLong?: boolean;
}

/** A load that is measured. */
export interface Step {
  readonly name: string;
  readonly title: string;
  /** For requests per second or for milliseconds per request. */
  readonly figure: 'perSecond' | 'ms';
  readonly connections: number;
  readonly end: LoadOrder['end'];
  readonly question: (contestant: Contestant, upstream: Upstream) => Question | Promise<Question>;
  /** Exactly so many upstream calls of so many requests. Not checked when left out or undefined. */
  readonly calls?: (setup: ContestantSetup, requests: number) => number | undefined;
  /** Whether it needs a process that has answered nothing yet, which an endpoint that runs already is not. */
  readonly isFirst?: boolean;
  /** Whether the heap is measured at its end. */
  readonly heap?: boolean;
  /** Whether the start of the process counts. */
  readonly sinceStart?: boolean;
  /** Whether each request makes exactly one product order. */
  readonly orders?: boolean;
}
