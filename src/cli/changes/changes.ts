import { setTimeout as sleep } from 'node:timers/promises';
import { request } from 'undici';
import { z } from 'zod';
import { readCursorFile, writeCursorFile } from '../../store/cursor-file.ts';
import { ChangesError } from './changes-error.ts';
import type { ChangesOptions } from './flags.ts';

const PAGE = 100;
/** How often it asks again when it follows. */
const EVERY_MS = 2_000;
/** After a failure, it asks again after this time, and twice as long after each further one. */
const FIRST_RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 60_000;
const TIMEOUT_MS = 30_000;

const QUERY = `query Changes($first: Int!, $after: String) {
  changes(first: $first, after: $after) {
    nodes {
      cursor at kind msn businessIdentifier { scheme value } productOrderId pricePackageId fields { name before after }
    }
    pageInfo { endCursor hasNextPage }
  }
}`;

const Answer = z.object({
  data: z
    .object({
      changes: z.object({
        nodes: z.array(z.looseObject({ cursor: z.string() })),
        pageInfo: z.object({ endCursor: z.string(), hasNextPage: z.boolean() }),
      }),
    })
    .nullish(),
  errors: z
    .array(
      z.object({
        message: z.string(),
        extensions: z
          .object({ code: z.string(), retryable: z.boolean(), oldestCursor: z.string() })
          .partial()
          .optional(),
      }),
    )
    .optional(),
});

/** The gateway did not answer, or said that it may answer later. */
class Temporary extends Error {}

interface Surroundings {
  /** For the header `Authorization`; none if absent. */
  readonly key: string | undefined;
  readonly print: (line: string) => void;
  readonly say: (text: string) => void;
  /** Aborts when the process shall stop. */
  readonly signal: AbortSignal;
}

/**
 * Prints the changes of a running gateway as JSON lines, oldest first. The cursor is stored after its page was printed, so
 * that a crash repeats lines and loses none. Throws {@link ChangesError}.
 */
export async function printChanges(
  { url, after, cursorFile, follow }: ChangesOptions,
  { key, print, say, signal }: Surroundings,
): Promise<void> {
  let cursor = after ?? (cursorFile && withFile(() => readCursorFile(cursorFile)));
  let failures = 0;
  while (!signal.aborted) {
    try {
      const { nodes, pageInfo } = await readPage(url, key, cursor);
      failures = 0;
      for (const node of nodes) print(JSON.stringify(node));
      if (cursorFile && pageInfo.endCursor !== cursor)
        withFile(() => writeCursorFile(cursorFile, pageInfo.endCursor));
      cursor = pageInfo.endCursor;
      if (pageInfo.hasNextPage) continue;
      if (!follow) return;
      await wait(EVERY_MS, signal);
    } catch (error) {
      if (!(error instanceof Temporary && follow)) throw asChangesError(error);
      const pauseMs = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** failures++);
      say(`${error.message}; next attempt in ${pauseMs / 1_000} s`);
      await wait(pauseMs, signal);
    }
  }
}

async function readPage(url: string, key: string | undefined, after: string | undefined) {
  const response = await request(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(key && { authorization: `Bearer ${key}` }) },
    body: JSON.stringify({ query: QUERY, variables: { first: PAGE, after: after ?? null } }),
    headersTimeout: TIMEOUT_MS,
    bodyTimeout: TIMEOUT_MS,
  }).catch((error: Error) => {
    throw new Temporary(`The gateway at ${url} cannot be reached: ${error.message}`);
  });
  const json: unknown = await response.body.json().catch(() => undefined);
  const { data: answer } = Answer.safeParse(json);
  const changes = answer?.data?.changes;
  if (changes) return changes;
  const [error] = answer?.errors ?? [];
  const { code, retryable, oldestCursor } = error?.extensions ?? {};
  if (code === 'CURSOR_EXPIRED')
    throw new ChangesError(
      `The changes after this cursor are no longer kept. Read everything again, then go on with --after ${oldestCursor}.`,
    );
  const message = error?.message ?? `The gateway answered ${response.statusCode}`;
  if (retryable || response.statusCode >= 500) throw new Temporary(message);
  throw new ChangesError(message);
}

const asChangesError = (error: unknown) =>
  error instanceof Temporary ? new ChangesError(error.message) : error;

function withFile<T>(use: () => T): T {
  try {
    return use();
  } catch (error) {
    throw new ChangesError(`--cursor-file: ${(error as Error).message}`);
  }
}

const wait = (ms: number, signal: AbortSignal) => sleep(ms, undefined, { signal }).catch(() => {});
