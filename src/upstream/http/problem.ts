import { z } from 'zod';
import { cleanText } from '../models/clean-text.ts';

// Enough for every published example many times over; the contract names no limit.
const LONGEST_DETAIL = 1_024;
const LONGEST_TEXT = 256;
const MOST_DETAILS = 50;
const text = (most: number) => z.string().transform((given) => cleanText(given, most));
const Text = text(LONGEST_TEXT);

// Two shapes are documented: key/value in the specification, name/reason in the knowledge base and the Webhooks API.
const ExtraDetail = z.union([
  z.object({ key: Text, value: Text }).transform(({ key, value }) => ({ name: key, reason: value })),
  z.object({ name: Text, reason: Text }),
]);

const ProblemBody = z.object({
  title: Text,
  detail: text(LONGEST_DETAIL).optional(),
  instance: Text.optional(),
  traceId: Text.optional(),
  extraDetails: z
    .array(z.unknown())
    .nullish()
    .transform((items) =>
      (items ?? []).slice(0, MOST_DETAILS).flatMap((item) => {
        const parsed = ExtraDetail.safeParse(item);
        return parsed.success ? [parsed.data] : [];
      }),
    ),
});

const GatewayBody = z.union([
  z.object({ statusCode: z.number(), message: Text }).transform(({ message }) => message),
  z
    .object({ responseInfo: z.object({ responseMessage: Text.optional() }) })
    .transform(({ responseInfo }) => responseInfo.responseMessage ?? ''),
]);

/** What the upstream said about a failure, cleaned and cut. For the log only: a client never sees upstream text. */
export interface Problem {
  /** `api` is an RFC 9457 problem of the Management API, `gateway` was written by the gateway in front of it. */
  readonly writtenBy: 'api' | 'gateway' | 'unknown';
  readonly title?: string | undefined;
  readonly detail?: string | undefined;
  readonly instance?: string | undefined;
  readonly traceId?: string | undefined;
  /** `key`/`value` pairs are read as `name`/`reason`. */
  readonly extraDetails?: readonly { readonly name: string; readonly reason: string }[];
}

/** Reads any of the documented error bodies; whatever else it is becomes `unknown` without its text. */
export function readProblem(body: string): Problem {
  const json = parseJson(body);
  const problem = ProblemBody.safeParse(json);
  if (problem.success) return { writtenBy: 'api', ...problem.data };
  const gateway = GatewayBody.safeParse(json);
  if (gateway.success) return { writtenBy: 'gateway', title: gateway.data };
  return { writtenBy: 'unknown' };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
