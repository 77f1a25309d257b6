import { createYoga, useExecutionCancellation, type YogaServerInstance } from 'graphql-yoga';
import type { AddressRanges } from '../config/address-ranges.ts';
import type { TrustedDocuments } from '../config/trusted-documents.ts';
import { schema } from '../schema/index.ts';
import type { Log } from '../telemetry/log.ts';
import { createAuthFailureLimit } from './auth/auth-failure-limit.ts';
import type { Authenticate } from './auth/authenticate.ts';
import { requireValidCaller, useAuthentication } from './auth/use-authentication.ts';
import { useOwnKeysFailures } from './auth/use-own-keys-failures.ts';
import { UnsentAnswers } from './connections/unsent-answers.ts';
import { createContext, type OperationContext } from './context.ts';
import { toClientError } from './errors/client-error.ts';
import { useAddedErrors } from './errors/use-added-errors.ts';
import { useClientErrors } from './errors/use-client-errors.ts';
import { createGraphiqlPage } from './graphiql/page.ts';
import { useGraphiqlPage } from './graphiql/use-graphiql-page.ts';
import { createClientAddress } from './http/client-address.ts';
import { useBodyLimit } from './http/use-body-limit.ts';
import { useJsonOnly } from './http/use-content-type.ts';
import { useCors } from './http/use-cors.ts';
import { useEndpoint } from './http/use-endpoint.ts';
import { useLoopbackHost } from './http/use-loopback-host.ts';
import { createDocumentCache, createParseErrorCache } from './limits/document-cache.ts';
import { createRateLimits } from './limits/rate-limits.ts';
import { RowAdmission } from './limits/row-admission.ts';
import { type TakesTurns, Turns } from './limits/turns.ts';
import { useAnswerLimit } from './limits/use-answer-limit.ts';
import { useCostLimit } from './limits/use-cost-limit.ts';
import { useMutationArguments } from './limits/use-mutation-arguments.ts';
import { useOperationLimits } from './limits/use-operation-limits.ts';
import { useRateLimit } from './limits/use-rate-limit.ts';
import { DOCUMENT_ID, useTrustedDocuments } from './limits/use-trusted-documents.ts';
import { useValidationLimit } from './limits/use-validation-limit.ts';
import { useVariableCheck } from './limits/use-variable-check.ts';
import { requestIdOf } from './reports/request-id.ts';
import { CostReport, useCostReport } from './reports/use-cost-report.ts';
import { useOperationLog } from './reports/use-operation-log.ts';
import { useUpstreamReport } from './reports/use-upstream-report.ts';

export interface GatewayOptions {
  readonly authenticate: Authenticate;
  /** True when whoever reaches the port may ask. */
  readonly open: boolean;
  readonly log: Log;
  readonly requestDeadlineMs: number;
  readonly maxPageSize: number;
  readonly maxUpstreamCalls: number;
  /** Rows that one operation may read or return. */
  readonly maxRows: number;
  readonly maxAnswerBytes: number;
  /** Shares the event loop between operations; one of its own when left out. */
  readonly turns?: TakesTurns;
  readonly maxBodyBytes: number;
  /** Points of one tenant in a minute; 0 is no limit. */
  readonly rateLimitPerMinute: number;
  /** After so many failures to prove who asks, an address waits; 0 is no limit. */
  readonly authFailuresPerMinute: number;
  /** The account of answers on their way. */
  readonly unsentAnswers?: UnsentAnswers | undefined;
  /** Their reports of a client's address are believed; none when left out. */
  readonly trustedProxies?: AddressRanges | undefined;
  /** Documents that clients may ask for by their ids. */
  readonly trustedDocuments?: TrustedDocuments | undefined;
  readonly corsOrigins: readonly string[];
  /** No operation in a URL, and no GraphiQL. */
  readonly production: boolean;
  readonly graphiql: boolean;
  /** What GraphiQL starts with in its header editor. */
  readonly callerHeaders?: Readonly<Record<string, string>> | undefined;
  /** For the ready tab that asks for one unit. */
  readonly exampleMsn?: (() => string | undefined) | undefined;
}

/** A request listener for `node:http` with a `fetch` for tests. */
export type Gateway = YogaServerInstance<object, OperationContext>;

/** The whole wiring: the only place where schema, upstream and plugins meet. */
export function createGateway(options: GatewayOptions): Gateway {
  const { authenticate, open, log, requestDeadlineMs, maxPageSize, maxUpstreamCalls, maxRows } = options;
  const rateLimits = createRateLimits(options.rateLimitPerMinute);
  const failureLimit = createAuthFailureLimit(options.authFailuresPerMinute);
  const unsentAnswers = options.unsentAnswers ?? new UnsentAnswers();
  const costReport = new CostReport();
  const turns = options.turns ?? new Turns();
  const admission = new RowAdmission(maxRows);
  const addressOf = createClientAddress(options.trustedProxies);
  const { maxBodyBytes, corsOrigins, production, graphiql, callerHeaders, exampleMsn, trustedDocuments } =
    options;
  // Where people explore the schema, messages help them; elsewhere they would tell what introspection does not.
  const terse = !graphiql;
  const contextOptions = { deadlineMs: requestDeadlineMs, maxPageSize, maxRows, turns };
  return createYoga<object, OperationContext>({
    schema,
    graphqlEndpoint: '/graphql',
    landingPage: false,
    // Yoga answers whatever URL ends like this before anybody else sees it; none ends in a space. Probes have a port of their own.
    healthCheckEndpoint: ' ',
    logging: false,
    graphiql: false,
    cors: false,
    multipart: false,
    extraParamNames: trustedDocuments ? [DOCUMENT_ID] : [],
    parserAndValidationCache: { documentCache: createDocumentCache(), errorCache: createParseErrorCache() },
    // See useBodyLimit.
    maxRequestBodySize: false,
    maskedErrors: { maskError: (error) => toClientError(error, terse) },
    context: ({ request }) =>
      createContext(contextOptions, requireValidCaller(request), requestIdOf(request), request.signal),
    plugins: [
      useOperationLog(log, addressOf),
      useBodyLimit(maxBodyBytes),
      ...(open ? [useLoopbackHost()] : []),
      useCors(corsOrigins, { postOnly: production }),
      useJsonOnly(corsOrigins),
      ...(graphiql ? [useGraphiqlPage(createGraphiqlPage(exampleMsn, callerHeaders), unsentAnswers)] : []),
      useEndpoint({ postOnly: production }),
      useAuthentication({ authenticate, failureLimit, log, addressOf, unsentAnswers }),
      useRateLimit(rateLimits),
      ...(trustedDocuments ? [useTrustedDocuments(trustedDocuments)] : []),
      useOperationLimits(),
      useValidationLimit(terse),
      useExecutionCancellation(),
      useOwnKeysFailures(failureLimit, addressOf, unsentAnswers),
      useVariableCheck(terse),
      useMutationArguments(),
      useCostLimit({ maxPageSize, maxUpstreamCalls, maxRows, rateLimits, admission, report: costReport }),
      useCostReport(costReport),
      useAddedErrors(log),
      useUpstreamReport(),
      useClientErrors(log, terse),
      useAnswerLimit({ maxAnswerBytes: options.maxAnswerBytes, admission, turns, unsentAnswers }),
    ],
  });
}
