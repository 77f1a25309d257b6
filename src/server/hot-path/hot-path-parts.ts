import type { EndpointRules } from '../endpoint-rules.ts';
import type { GatewayOptions, GatewayParts } from '../gateway-parts.ts';
import type { ReadyAnswers } from './ready-answers.ts';
import type { Send } from './send.ts';

/** What all operations of an endpoint share. */
export interface HotPathParts {
  readonly options: GatewayOptions;
  readonly parts: GatewayParts;
  readonly rules: EndpointRules;
  readonly ready: ReadyAnswers;
  readonly send: Send;
}
