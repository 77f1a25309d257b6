import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Caller } from '../auth/caller.ts';
import type { RequestState } from '../request-state.ts';

/** A request whose body is there, with everything that is known of it. */
export interface Asked {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly state: RequestState;
  readonly caller: Caller;
  readonly body: Buffer;
}
