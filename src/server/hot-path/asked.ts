import type { IncomingMessage, ServerResponse } from 'node:http';
import type { DocumentNode } from 'graphql';
import type { CompiledOperation } from '../../execution/compiled-operation.ts';
import type { Caller } from '../auth/caller.ts';
import type { RequestState } from '../request-state.ts';
import type { RememberedTexts } from './remembered-texts.ts';

/** A request whose body is there, with everything that is known of it. */
export interface Asked {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly state: RequestState;
  readonly caller: Caller;
  readonly body: Buffer;
  /** Passes it on to the general way. */
  readonly passOn: () => void;
}

/** An operation with its variables as they were sent. */
export interface AskedOperation {
  readonly document: DocumentNode;
  readonly compiled: CompiledOperation;
  readonly operationName: string | undefined;
  readonly variables: Readonly<Record<string, unknown>>;
  /** Under which its answer may be shared and kept; undefined if it may not. */
  readonly key: string | undefined;
  readonly texts: RememberedTexts;
}
