import type { ErrorShape } from '../answers/error-shape.ts';
import type { TenantName } from '../keys/callers.ts';
import { SandboxError } from '../sandbox-error.ts';
import type { PatchStep } from './patch.ts';

/** Which calls a fault happens to: those that meet all of these. */
interface FaultScope {
  /**
   * Route as in the statistics, such as "GET /management/v1/sales-units/{msn}". "*", and the same when left out, means
   * every route of the API; token routes are meant only when named, since a client without a token calls nothing else.
   */
  route?: string;
  /** Only calls of exactly this path, without query string. */
  path?: string;
  /** Only this caller's: by the token on routes of the API, by the keys sent on token routes. */
  tenant?: TenantName;
  /** How often the fault happens before it is over; for ever when left out. */
  times?: number;
  /** Share of the matching calls that it happens to, above 0 and up to 1; which ones follows from the seed. */
  rate?: number;
}

/** What the client gets in place of the right answer, or of a part of it. */
interface FaultContent {
  status?: number;
  /** The form of the error that goes with `status`; the one that the upstream would use when left out. */
  bodyShape?: ErrorShape;
  /** The Retry-After header: a number of seconds, or any text, such as a date or nonsense. Goes with `status`. */
  retryAfter?: number | string;
  /** Replaces the media type; an empty text leaves the header out. */
  contentType?: string;
  /** Replaces the body: text as it is, an object or array as JSON. */
  body?: string | object;
  /** Added to the answer, or in place of its own. */
  headers?: Record<string, string>;
  /** Edits the answer, to play a schema that has drifted. */
  patch?: PatchStep[];
}

/** How the answer is sent, or lost. */
interface FaultDelivery {
  /** Added to the sandbox's latency. */
  delayMs?: number;
  /** A pause between the headers and the body. */
  stallAfterHeaders?: number;
  /** Sends the body slowly: so many bytes each time, so many milliseconds apart. */
  drip?: { bytes: number; everyMs: number };
  /** Pads the body with spaces to this many bytes, at most 2 GiB. JSON stays the same JSON. */
  huge?: number;
  /** Sends the body without saying how long it is. */
  chunked?: true;
  /** Never answers. */
  hang?: true;
  /** Cuts the connection before or within the answer. */
  reset?: 'beforeHeaders' | 'midBody';
  /** Announces more bytes than follow, then closes the connection. */
  truncate?: true;
}

/** The most milliseconds that a timer takes; with more it would fire at once. */
export const LONGEST_TIMER = 2 ** 31 - 1;

/** Something that goes wrong. */
export interface Fault extends FaultScope, FaultContent, FaultDelivery {
  /**
   * Whether the route does its work, such as making an order. Left out: not with `status`, otherwise yes. So `status` is
   * a refusal, and with `work: true` an answer that went wrong after the deed; `hang` and `reset` lose the answer to a
   * deed, and with `work: false` the call never reached the API.
   */
  work?: boolean;
}

/** The fault that was asked for is not one; the message says why. */
export class FaultError extends SandboxError {
  override name = 'FaultError';

  constructor(message: string) {
    super('INVALID', message);
  }
}

/** True when the route is to do its work although the fault happens. */
export function doesWork({ work, status }: Fault): boolean {
  return work ?? status === undefined;
}
