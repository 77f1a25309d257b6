import type { HttpConfig, LimitsConfig } from '../config/config.ts';
import type { Log } from '../telemetry/log.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import { type AuthFailureLimit, createAuthFailureLimit } from './auth/auth-failure-limit.ts';
import type { Authenticate } from './auth/authenticate.ts';
import { UnsentAnswers } from './connections/unsent-answers.ts';
import type { GraphiqlPage, GraphiqlPageOptions } from './graphiql/page.ts';
import { type ClientAddress, createClientAddress } from './http/client-address.ts';
import { UnverifiedBodies } from './http/unverified-bodies.ts';
import type { LoadShedding } from './limits/load-shedding.ts';
import { createRateLimits, type RateLimits } from './limits/rate-limits.ts';
import { RowAdmission } from './limits/row-admission.ts';
import { type TakesTurns, Turns } from './limits/turns.ts';
import { OpenSubscriptions } from './subscriptions/open-subscriptions.ts';

export interface GatewayOptions {
  readonly authenticate: Authenticate;
  /** Whether anyone who can reach the port may send operations. */
  readonly open: boolean;
  readonly http: Pick<
    HttpConfig,
    'maxBodyBytes' | 'corsOrigins' | 'corsHeaders' | 'trustedProxies' | 'hotPath'
  >;
  readonly limits: LimitsConfig;
  readonly graphiql: {
    readonly enabled: boolean;
  } & GraphiqlPageOptions;
  /** No operation in a URL. */
  readonly production: boolean;
  readonly log: Log;
  /** Shares the event loop between operations. Created if absent. */
  readonly turns?: TakesTurns | undefined;
  /** Refuses queries under overload; none if absent. */
  readonly shedding?: LoadShedding | undefined;
  /** Shared with the WebSockets. Created if absent. */
  readonly subscriptions?: OpenSubscriptions | undefined;
  /** Counts operations; nothing is counted if absent. */
  readonly metrics?: Metrics | undefined;
  /** Shared with other processes. Created if absent. */
  readonly rateLimits?: RateLimits | undefined;
  readonly failureLimit?: AuthFailureLimit | undefined;
  /** Shared by all servers of the process. Created if absent. */
  readonly unsentAnswers?: UnsentAnswers | undefined;
}

/** What several plugins of one gateway share. */
export interface GatewayParts {
  readonly addressOf: ClientAddress;
  readonly failureLimit: AuthFailureLimit;
  readonly rateLimits: RateLimits;
  readonly unsentAnswers: UnsentAnswers;
  readonly unverifiedBodies: UnverifiedBodies;
  readonly admission: RowAdmission;
  readonly turns: TakesTurns;
  readonly subscriptions: OpenSubscriptions;
  readonly readPage: () => Promise<GraphiqlPage>;
}

/** Creates what the plugins share. */
export function createGatewayParts({ http, limits, graphiql, ...given }: GatewayOptions): GatewayParts {
  let readPage: (() => Promise<GraphiqlPage>) | undefined;
  return {
    addressOf: createClientAddress(http.trustedProxies),
    failureLimit: given.failureLimit ?? createAuthFailureLimit(limits.authFailuresPerMinute),
    rateLimits: given.rateLimits ?? createRateLimits(limits.rateLimitPerMinute),
    unsentAnswers: given.unsentAnswers ?? new UnsentAnswers(),
    unverifiedBodies: new UnverifiedBodies(),
    admission: new RowAdmission(limits.maxRows),
    turns: given.turns ?? new Turns(),
    subscriptions: given.subscriptions ?? new OpenSubscriptions(limits.maxSubscriptions),
    // Loaded when somebody first opens the page.
    readPage: async () => {
      readPage ??= (await import('./graphiql/page.ts')).createGraphiqlPage(graphiql);
      return readPage();
    },
  };
}
