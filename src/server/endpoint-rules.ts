import type { DocumentNode, GraphQLSchema } from 'graphql';
import type { LRUCache } from 'lru-cache';
import type { TrustedDocuments } from '../config/trusted-documents.ts';
import { schema } from '../schema/index.ts';
import type { Authenticate } from './auth/authenticate.ts';
import { authenticateRouter, ROUTER_REFUSAL, type RouterOptions } from './auth/authenticate-router.ts';
import { describedSchema } from './described-schema.ts';
import type { GatewayOptions, GatewayParts } from './gateway-parts.ts';
import type { Endpoint } from './http/use-endpoint.ts';
import { CostRules } from './limits/cost-rules.ts';
import { createDocumentCache, createParseErrorCache } from './limits/document-cache.ts';
import { createValidate, type Validate } from './limits/use-validation-limit.ts';

/** What both ways through one endpoint go by: the general one of Yoga, and the hot path. */
export interface EndpointRules {
  readonly endpoint: Endpoint;
  readonly isForRouters: boolean;
  readonly schema: GraphQLSchema;
  readonly authenticate: Authenticate;
  /** What a caller without valid credentials reads, instead of the message of the code. */
  readonly refusal: string | undefined;
  readonly corsOrigins: readonly string[];
  readonly trustedDocuments: TrustedDocuments | undefined;
  /** Messages must not name the schema. */
  readonly terse: boolean;
  readonly documents: LRUCache<string, DocumentNode>;
  readonly parseErrors: LRUCache<string, Error>;
  readonly validate: Validate;
  readonly cost: CostRules;
}

/** Returns the rules of `/graphql`, or of `/subgraph` with `forRouters`. */
export function createEndpointRules(
  options: GatewayOptions,
  { rateLimits }: GatewayParts,
  forRouters?: RouterOptions,
): EndpointRules {
  const { http, limits, graphiql, production } = options;
  const described = describedSchema(forRouters?.schema ?? schema, graphiql.notice);
  // Helpful messages name the schema. Where GraphiQL is off, they must not reveal what introspection does not.
  const terse = !graphiql.enabled;
  return {
    endpoint: forRouters ? { path: '/subgraph', postOnly: true } : { path: '/graphql', postOnly: production },
    isForRouters: forRouters !== undefined,
    schema: described,
    authenticate: forRouters ? authenticateRouter(options, forRouters) : options.authenticate,
    refusal: forRouters && ROUTER_REFUSAL,
    // A router writes its documents itself, and no page talks to it here.
    corsOrigins: forRouters ? [] : http.corsOrigins,
    trustedDocuments: forRouters ? undefined : limits.trustedDocuments,
    terse,
    documents: createDocumentCache(),
    parseErrors: createParseErrorCache(),
    validate: createValidate(described, terse),
    cost: new CostRules({ ...limits, rateLimits }),
  };
}
