const WIDTH = 30;
const EVERY_MS = 250;

/** Where the progress is shown, such as stderr: a bar that is redrawn on a terminal, a line for each tenth elsewhere. */
export interface ProgressOutput {
  write(text: string): unknown;
  readonly isTTY?: boolean;
}

export interface ProgressOptions {
  /** Plural, in small letters. */
  readonly of: string;
  /** How many of them were done before. */
  readonly doneBefore: number;
  readonly now?: () => number;
}

/** Returns a function to call with the number that are done, and of how many. */
export function createProgress(
  output: ProgressOutput,
  { of, doneBefore, now = () => performance.now() }: ProgressOptions,
): (done: number, total: number) => void {
  const startedAt = now();
  let shownAt = Number.NEGATIVE_INFINITY;
  let shownTenth = -1;
  return (done, total) => {
    const share = total === 0 ? 1 : done / total;
    const isLast = done === total;
    if (!output.isTTY) {
      const tenth = Math.floor(share * 10);
      if (tenth !== shownTenth) output.write(`${done} of ${total} ${of}\n`);
      shownTenth = tenth;
      return;
    }
    if (!isLast && now() - shownAt < EVERY_MS) return;
    shownAt = now();
    const since = done - doneBefore;
    const leftMs = (total - done) * ((now() - startedAt) / since);
    const left = isLast || since === 0 ? '' : `, ${Math.ceil(leftMs / 1_000)} s left`;
    const filled = Math.round(share * WIDTH);
    const bar = '#'.repeat(filled) + '-'.repeat(WIDTH - filled);
    output.write(`\r[${bar}] ${done} of ${total} ${of}${left}\x1b[K${isLast ? '\n' : ''}`);
  };
}
