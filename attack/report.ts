import type { RowResult } from './suite.ts';

/** Prints the progress of a run and collects what failed. */
export interface Report {
  readonly failures: readonly string[];
  say(line: string): void;
  expect(what: string, ok: boolean): void;
  showRow(result: RowResult): void;
}

const FAILURES_SHOWN = 4;

export function createReport(): Report {
  const failures: string[] = [];
  const say = (line: string) => void process.stdout.write(`${line}\n`);
  return {
    failures,
    say,
    expect(what, ok) {
      say(`${ok ? 'passed' : 'FAILED'}  ${what}`);
      if (!ok) failures.push(what);
    },
    showRow({ id, what, checks, failures: rowFailures, slowestRefusal, loop }) {
      const verdict = rowFailures.length === 0 ? 'passed' : 'FAILED';
      const ms = slowestRefusal.ms.toFixed(0).padStart(3);
      const busyMs = loop.busyMs.toFixed(0).padStart(4);
      say(`${id}  ${verdict}  ${String(checks).padStart(5)} checks  ${ms} ms  ${busyMs} ms busy  ${what}`);
      for (const failure of rowFailures.slice(0, FAILURES_SHOWN)) say(`       - ${failure}`);
      const more = rowFailures.length - FAILURES_SHOWN;
      if (more > 0) say(`       - and ${more} more`);
    },
  };
}
