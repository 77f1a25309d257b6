const WIDTH = 30;
const EVERY_MS = 250;

/** Where the progress is shown, such as stderr: a bar that is redrawn on a terminal, a line for each tenth elsewhere. */
export interface ProgressOutput {
  write(text: string): unknown;
  readonly isTTY?: boolean;
}

/** Returns a function to call with the number of rows that are done. */
export function createProgress(
  output: ProgressOutput,
  total: number,
  doneBefore: number,
  now: () => number = () => performance.now(),
): (done: number) => void {
  const startedAt = now();
  let shownAt = Number.NEGATIVE_INFINITY;
  let shownTenth = -1;
  return (done) => {
    const share = total === 0 ? 1 : done / total;
    const isLast = done === total;
    if (!output.isTTY) {
      const tenth = Math.floor(share * 10);
      if (tenth !== shownTenth) output.write(`${done} of ${total} sales units\n`);
      shownTenth = tenth;
      return;
    }
    if (!isLast && now() - shownAt < EVERY_MS) return;
    shownAt = now();
    const perUnit = (now() - startedAt) / Math.max(1, done - doneBefore);
    const left = isLast ? '' : `, ${Math.ceil((perUnit * (total - done)) / 1_000)} s left`;
    const filled = Math.round(share * WIDTH);
    const bar = '#'.repeat(filled) + '-'.repeat(WIDTH - filled);
    output.write(`\r[${bar}] ${done} of ${total} sales units${left}\x1b[K${isLast ? '\n' : ''}`);
  };
}
