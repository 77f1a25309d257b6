import type { ErrorShape } from '../answers/error-shape.ts';
import type { TenantName } from '../keys/callers.ts';
import { SandboxError } from '../sandbox-error.ts';
import type { PatchStep } from './patch.ts';

/** Which calls a fault happens to: those that match all of these. */
interface FaultScope {
  /**
   * Route as in the statistics, such as "GET /management/v1/sales-units/{msn}". "*", the default, means every
   * route of the API but no token route, since a client without a token could not call anything else.
   */
  route?: string;
  /** Only calls of exactly this path, without query string. */
  path?: string;
  /** Only this caller's: by the token on routes of the API, by the keys sent on token routes. */
  tenant?: TenantName;
  /** How often the fault happens before it ends; no limit by default. */
  times?: number;
  /** Share of the matching calls that it happens to, above 0 and up to 1; which ones follows from the seed. */
  rate?: number;
}

/** What the client gets instead of the correct response, or of a part of it. */
interface FaultContent {
  status?: number;
  /** The form of the error that goes with `status`; by default the one that the upstream would use. */
  bodyShape?: ErrorShape;
  /** The Retry-After header: a number of seconds, or any text, such as a date or an invalid value. Requires `status`. */
  retryAfter?: number | string;
  /** Replaces the media type; an empty text leaves the header out. */
  contentType?: string;
  /** Replaces the body: text as it is, an object or array as JSON. */
  body?: string | object;
  /** Added to the answer, or in place of its own. */
  headers?: Record<string, string>;
  /** Edits the response, to simulate a schema that has changed. */
  patch?: PatchStep[];
}

/** How the response is sent, or lost. */
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

/** The longest time that a timer accepts, in milliseconds. With more it would fire at once. */
export const LONGEST_TIMER = 2 ** 31 - 1;

/** A fault: what goes wrong, and for which calls. */
export interface Fault extends FaultScope, FaultContent, FaultDelivery {
  /**
   * Whether the route does its work, such as making an order. By default it does, unless `status` is set. So `status` is
   * a rejected call, and with `work: true` an error after the work was done. `hang` and `reset` lose the response to
   * work that was done, and with `work: false` the call never reached the API.
   */
  work?: boolean;
}

/** Thrown for an invalid fault. The message says what is wrong. */
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
