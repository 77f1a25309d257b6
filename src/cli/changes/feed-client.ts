import { request } from 'undici';
import { z } from 'zod';
import { ChangesError } from './changes-error.ts';

const PAGE = 100;
/** The gateway tells a cursor every ten seconds, so that a connection without a word for so long is dead. */
const TIMEOUT_MS = 30_000;

const CHANGE =
  'cursor at kind msn businessIdentifier { scheme value } productOrderId pricePackageId fields { name before after }';
const QUERY = `query Changes($first: Int!, $after: String) {
  changes(first: $first, after: $after) { nodes { ${CHANGE} } pageInfo { endCursor hasNextPage } }
}`;
const SUBSCRIPTION = `subscription Changes($after: String) { changes(after: $after) { cursor change { ${CHANGE} } } }`;

const Change = z.looseObject({ cursor: z.string() });
const Errors = z
  .array(
    z.object({
      message: z.string(),
      extensions: z
        .object({ code: z.string(), retryable: z.boolean(), oldestCursor: z.string() })
        .partial()
        .optional(),
    }),
  )
  .optional();
const Answer = z.object({
  data: z
    .object({
      changes: z.object({
        nodes: z.array(Change),
        pageInfo: z.object({ endCursor: z.string(), hasNextPage: z.boolean() }),
      }),
    })
    .nullish(),
  errors: Errors,
});
const Event = z.object({
  data: z.object({ changes: z.object({ cursor: z.string(), change: Change.nullable() }) }).nullish(),
  errors: Errors,
});

/** The gateway did not answer, or said that it may answer later. */
export class Temporary extends Error {}

/** Reads a page of changes. Throws {@link Temporary} and {@link ChangesError}. */
export async function readPage(url: string, key: string | undefined, after: string | undefined) {
  const { statusCode, body } = await post(url, key, {
    query: QUERY,
    variables: { first: PAGE, after: after ?? null },
  });
  const { data: answer } = Answer.safeParse(await body.json().catch(() => undefined));
  const changes = answer?.data?.changes;
  if (!changes) throw errorOf(answer?.errors, statusCode);
  return changes;
}

/** Yields what happens after a cursor, until the connection ends. Throws {@link Temporary} and {@link ChangesError}. */
export async function* readEvents(url: string, key: string | undefined, after: string, signal: AbortSignal) {
  const sent = { query: SUBSCRIPTION, variables: { after } };
  const { statusCode, headers, body } = await post(url, key, sent, { accept: 'text/event-stream', signal });
  if (!String(headers['content-type']).startsWith('text/event-stream')) {
    const { data } = Event.safeParse(await body.json().catch(() => undefined));
    throw errorOf(data?.errors, statusCode);
  }
  let text = '';
  try {
    for await (const chunk of body.setEncoding('utf8')) {
      text += chunk;
      for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
        const json = text
          .slice(0, end)
          .split('\n')
          .find((line) => line.startsWith('data: {'));
        text = text.slice(end + 2);
        if (!json) continue;
        const { data: event } = Event.safeParse(JSON.parse(json.slice('data: '.length)));
        if (!event?.data) throw errorOf(event?.errors, statusCode);
        yield event.data.changes;
      }
    }
  } catch (error) {
    if (error instanceof Temporary || error instanceof ChangesError) throw error;
    throw new Temporary(`The connection to the gateway was lost: ${(error as Error).message}`);
  }
}

async function post(
  url: string,
  key: string | undefined,
  operation: object,
  { accept, signal }: { readonly accept?: string; readonly signal?: AbortSignal } = {},
) {
  return await request(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(accept && { accept }),
      ...(key && { authorization: `Bearer ${key}` }),
    },
    body: JSON.stringify(operation),
    headersTimeout: TIMEOUT_MS,
    bodyTimeout: TIMEOUT_MS,
    signal: signal ?? null,
  }).catch((error: Error) => {
    throw new Temporary(`The gateway at ${url} cannot be reached: ${error.message}`);
  });
}

function errorOf(errors: z.infer<typeof Errors>, statusCode: number): Error {
  const [error] = errors ?? [];
  const { code, retryable, oldestCursor } = error?.extensions ?? {};
  if (code === 'CURSOR_EXPIRED')
    return new ChangesError(
      `The changes after this cursor are no longer kept. Read everything again, then go on with --after ${oldestCursor}.`,
    );
  const message = error?.message ?? `The gateway answered ${statusCode}`;
  return retryable || statusCode >= 500 ? new Temporary(message) : new ChangesError(message);
}
