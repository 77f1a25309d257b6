import type { World, WorldOptions } from './world.ts';

/** What a row has found: whether each promise was kept, and the figure. */
export interface Finding {
  readonly promise: string;
  readonly kept: boolean;
  readonly figure: string;
}

export interface RowContext {
  readonly world: World;
  /** 1 for the whole run, less in the tests: a share of requests and seconds. */
  readonly scale: number;
  /** At least 1. */
  count(whole: number): number;
  check(promise: string, kept: boolean, figure: string | number): void;
}

/** A fault, the load on it, and what is promised. */
export interface Row extends WorldOptions {
  readonly id: string;
  readonly what: string;
  /** Causes the fault. It is left out for the positive control, in which `load` must be all ok. */
  fault(context: RowContext): void | Promise<void>;
  /** Sends the load without a fault, to show that the row would notice one. */
  control(context: RowContext): Promise<boolean>;
  run(context: RowContext): Promise<void>;
}
