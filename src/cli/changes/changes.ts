import { setTimeout as sleep } from 'node:timers/promises';
import { readCursorFile, writeCursorFile } from '../../store/cursor-file.ts';
import { ChangesError } from './changes-error.ts';
import { readEvents, readPage, Temporary } from './feed-client.ts';
import type { ChangesOptions } from './flags.ts';

/** After a failure, it asks again after this time, and twice as long after each further one. */
const FIRST_RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 60_000;

interface Surroundings {
  /** For the header `Authorization`; none if absent. */
  readonly key: string | undefined;
  /** Resolves when the line has been written. */
  readonly print: (line: string) => Promise<void>;
  readonly say: (text: string) => void;
  /** Aborts when the process shall stop. */
  readonly signal: AbortSignal;
}

/**
 * Prints the changes of a running gateway as JSON lines, oldest first; with `follow`, also those to come. The cursor is
 * stored after what leads to it was printed, so that a crash repeats lines and loses none. Throws {@link ChangesError}.
 */
export async function printChanges(
  { url, after, cursorFile, follow }: ChangesOptions,
  { key, print, say, signal }: Surroundings,
): Promise<void> {
  let cursor =
    after ?? ((cursorFile && (await withFile(async () => readCursorFile(cursorFile)))) || undefined);
  let failures = 0;
  const moveTo = async (next: string) => {
    if (cursorFile && next !== cursor) await withFile(() => writeCursorFile(cursorFile, next));
    cursor = next;
  };
  while (!signal.aborted)
    try {
      const { nodes, pageInfo } = await readPage(url, key, cursor);
      for (const node of nodes) await print(JSON.stringify(node));
      await moveTo(pageInfo.endCursor);
      if (pageInfo.hasNextPage) continue;
      if (!follow) return;
      for await (const event of readEvents(url, key, pageInfo.endCursor, signal)) {
        if (event.change) await print(JSON.stringify(event.change));
        await moveTo(event.cursor);
        failures = 0;
      }
      throw new Temporary('The gateway ended the connection');
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof Temporary && follow)) throw asChangesError(error);
      const pauseMs = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** failures++);
      say(`${error.message}; next attempt in ${pauseMs / 1_000} s`);
      await wait(pauseMs, signal);
    }
}

const asChangesError = (error: unknown) =>
  error instanceof Temporary ? new ChangesError(error.message) : error;

async function withFile<T>(use: () => Promise<T>): Promise<T> {
  try {
    return await use();
  } catch (error) {
    throw new ChangesError(`--cursor-file: ${(error as Error).message}`);
  }
}

const wait = (ms: number, signal: AbortSignal) => sleep(ms, undefined, { signal }).catch(() => {});
