import { z } from 'zod';
import { cleanText } from '../models/clean-text.ts';

// Far more than any published example; the contract sets no limit.
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

/** The upstream's description of a failure, cleaned and truncated. For the log only: clients never see upstream text. */
export interface Problem {
  /** `api`: an RFC 9457 problem of the Management API. `gateway`: an error of the gateway in front of it. */
  readonly writtenBy: 'api' | 'gateway' | 'unknown';
  readonly title?: string | undefined;
  readonly detail?: string | undefined;
  readonly instance?: string | undefined;
  readonly traceId?: string | undefined;
  /** `key` and `value` are read as `name` and `reason`. */
  readonly extraDetails?: readonly { readonly name: string; readonly reason: string }[];
}

/** Returns any of the documented error bodies as a problem; any other body is `unknown`, without its text. */
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
    return JSON.parse(text.startsWith('\ufeff') ? text.slice(1) : text);
  } catch {
    return undefined;
  }
}
