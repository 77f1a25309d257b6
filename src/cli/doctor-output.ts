import { UpstreamError } from '../upstream/errors.ts';
import { wordsOf } from '../upstream/http/problem.ts';

/** Where the doctor writes: findings, and progress while a check takes long. */
export interface Output {
  readonly print: (text: string) => void;
  readonly say: (text: string) => void;
}

const TITLE_WIDTH = 16;
const PROGRESS_EVERY_MS = 1_000;

/** Prints one line of the report. */
export const printLine = ({ print }: Output, title: string, text: string): void =>
  print(title.padEnd(TITLE_WIDTH) + text);

/** Runs a check and prints what it found, or how it failed and what to do. Returns whether it succeeded. */
export async function runCheck(
  title: string,
  run: () => Promise<string>,
  advise: (error: unknown) => string,
  output: Output,
): Promise<boolean> {
  const startedAt = performance.now();
  const elapsed = () => Math.round(performance.now() - startedAt);
  const progress = setInterval(
    () => output.say(`… ${title}: waiting for ${Math.round(elapsed() / 1000)} s`),
    PROGRESS_EVERY_MS,
  );
  try {
    const found = await run();
    printLine(output, title, `${found} (${elapsed()} ms)`);
    return true;
  } catch (error) {
    printLine(output, title, `FAILED  ${error instanceof Error ? error.message : String(error)}`);
    printLine(output, '', `→ ${advise(error)}`);
    const words = error instanceof UpstreamError && error.problem ? wordsOf(error.problem) : '';
    if (words) printLine(output, '', `  The upstream says: ${words}`);
    return false;
  } finally {
    clearInterval(progress);
  }
}
