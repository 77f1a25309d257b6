import { z } from 'zod';

// Two shapes are documented: key/value in the specification, name/reason in the knowledge base and the Webhooks API.
const ExtraDetail = z.union([
  z
    .object({ key: z.string(), value: z.string() })
    .transform(({ key, value }) => ({ name: key, reason: value })),
  z.object({ name: z.string(), reason: z.string() }),
]);

const ProblemBody = z.object({
  title: z.string(),
  detail: z.string().optional(),
  instance: z.string().optional(),
  traceId: z.string().optional(),
  extraDetails: z
    .array(z.unknown())
    .nullish()
    .transform((items) =>
      (items ?? []).flatMap((item) => {
        const parsed = ExtraDetail.safeParse(item);
        return parsed.success ? [parsed.data] : [];
      }),
    ),
});

const GatewayBody = z.union([
  z.object({ statusCode: z.number(), message: z.string() }).transform(({ message }) => message),
  z
    .object({ responseInfo: z.object({ responseMessage: z.string().optional() }) })
    .transform(({ responseInfo }) => responseInfo.responseMessage ?? ''),
]);

/** What the upstream said about a failure. For the log only: a client never sees upstream text. */
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
