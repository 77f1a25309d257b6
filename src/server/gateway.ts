import { createYoga, type YogaServerInstance } from 'graphql-yoga';
import type { RouterOptions } from './auth/authenticate-router.ts';
import { useAuthentication } from './auth/use-authentication.ts';
import { useOwnKeysFailures } from './auth/use-own-keys-failures.ts';
import { createContext, type OperationContext, occasionOf } from './context.ts';
import { createEndpointRules } from './endpoint-rules.ts';
import { toClientError } from './errors/client-error.ts';
import { useAddedErrors } from './errors/use-added-errors.ts';
import { useClientErrors } from './errors/use-client-errors.ts';
import { createGatewayParts, type GatewayOptions } from './gateway-parts.ts';
import { useCodesPage, useGraphiqlAssets } from './graphiql/use-graphiql-files.ts';
import { useGraphiqlPage } from './graphiql/use-graphiql-page.ts';
import { useAnswerFormat } from './http/use-answer-format.ts';
import { useJsonOnly } from './http/use-content-type.ts';
import { useCors } from './http/use-cors.ts';
import { useEndpoint } from './http/use-endpoint.ts';
import { useFreshness } from './http/use-freshness.ts';
import { useJsonBody } from './http/use-json-body.ts';
import { useLoopbackHost } from './http/use-loopback-host.ts';
import { useAnswerLimit } from './limits/use-answer-limit.ts';
import { useCostLimit } from './limits/use-cost-limit.ts';
import { useInputLimit } from './limits/use-input-limit.ts';
import { useLoadShedding } from './limits/use-load-shedding.ts';
import { useMutationArguments } from './limits/use-mutation-arguments.ts';
import { useOperationLimits } from './limits/use-operation-limits.ts';
import { useRateLimit } from './limits/use-rate-limit.ts';
import { DOCUMENT_ID, useNoDocuments, useTrustedDocuments } from './limits/use-trusted-documents.ts';
import { useValidationLimit } from './limits/use-validation-limit.ts';
import { useVariableCheck } from './limits/use-variable-check.ts';
import { useCostReport } from './reports/use-cost-report.ts';
import { useOperationLog } from './reports/use-operation-log.ts';
import { useOperationMetrics } from './reports/use-operation-metrics.ts';
import { useTracing } from './reports/use-tracing.ts';
import { useUpstreamReport } from './reports/use-upstream-report.ts';
import { requireValidCaller } from './request-state.ts';
import { useSubscriptions, useSubscriptionsOnly } from './subscriptions/use-subscriptions.ts';
import { useExecutor } from './use-executor.ts';

/** A request listener for `node:http` with a `fetch` for tests. */
export type Gateway = YogaServerInstance<object, OperationContext>;

/** Creates the gateway: the plugins in the order in which a request passes them, each stage before the next. */
export function createGateway(
  options: GatewayOptions,
  parts = createGatewayParts(options),
  forRouters?: RouterOptions,
  rules = createEndpointRules(options, parts, forRouters),
): Gateway {
  const { open, log, http, limits, graphiql } = options;
  const { endpoint, schema, authenticate, trustedDocuments, corsOrigins, terse, isForRouters } = rules;
  const { addressOf, failureLimit, rateLimits, unsentAnswers, admission, turns, subscriptions, readPage } =
    parts;
  return createYoga<object, OperationContext>({
    ...yogaOptions,
    graphqlEndpoint: endpoint.path,
    schema,
    extraParamNames: trustedDocuments ? [DOCUMENT_ID] : [],
    parserAndValidationCache: { documentCache: rules.documents, errorCache: rules.parseErrors },
    maskedErrors: { maskError: (error) => toClientError(error, terse) },
    context: ({ request }) =>
      createContext({ ...limits, turns }, requireValidCaller(request), occasionOf(request)),
    plugins: [
      // 1. The log sees every request, also those that are refused.
      useOperationLog(log, addressOf),
      useTracing(endpoint.path),

      // 2. HTTP: host, origin, content type, path, method. Nothing is read or authenticated yet.
      useJsonBody(http.maxBodyBytes, parts.unverifiedBodies),
      ...(open ? [useLoopbackHost()] : []),
      useCors({ origins: corsOrigins, headers: http.corsHeaders, endpoint }),
      useJsonOnly(corsOrigins),
      ...(graphiql.enabled && !isForRouters
        ? [
            useGraphiqlPage(readPage, unsentAnswers),
            useGraphiqlAssets(unsentAnswers),
            useCodesPage(schema, unsentAnswers),
          ]
        : []),
      useEndpoint(endpoint),

      // 3. Authentication and the first point of the rate limit, before the body is read.
      useAuthentication({
        authenticate,
        failureLimit,
        log,
        addressOf,
        unsentAnswers,
        refusal: rules.refusal,
      }),
      useRateLimit(rateLimits),

      // 4. The document: trusted or not, room for it, its size, its validity.
      trustedDocuments ? useTrustedDocuments(trustedDocuments) : useNoDocuments(),
      ...(options.shedding ? [useLoadShedding(options.shedding)] : []),
      useOperationLimits(),
      useValidationLimit(rules.validate),

      // 5. The operation, before its first upstream call: sizes, variables, arguments, cost.
      useSubscriptionsOnly(),
      useExecutor(),
      useOwnKeysFailures(failureLimit, addressOf, unsentAnswers),
      useInputLimit({ maxPageSize: limits.maxPageSize, maxCharacters: http.maxBodyBytes }),
      useVariableCheck(terse),
      useMutationArguments(),
      useCostLimit({ ...limits, rules: rules.cost, rateLimits, admission }),

      // 6. The result: reports, then errors as clients may see them, then its length, type and encoding.
      useCostReport(),
      useAddedErrors(log),
      useUpstreamReport(),
      useClientErrors(log, terse),
      useAnswerLimit({ ...limits, turns, longAnswers: unsentAnswers.long }),
      useAnswerFormat(),
      ...(isForRouters ? [useFreshness()] : []),
      useSubscriptions({
        ...limits,
        turns,
        open: subscriptions,
        rateLimits,
        log,
        terse,
        onEnded: options.metrics?.subscriptionEnded,
      }),
      ...(options.metrics ? [useOperationMetrics(options.metrics)] : []),
    ],
  });
}

/** Everything of Yoga that the plugins above replace. */
const yogaOptions = {
  landingPage: false,
  // Yoga answers every URL with this ending before any plugin. No URL ends in a space. Probes use the admin port.
  healthCheckEndpoint: ' ',
  logging: false,
  graphiql: false,
  cors: false,
  multipart: false,
  maxRequestBodySize: false,
} as const;
