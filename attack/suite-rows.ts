import { addressRows } from './rows/addresses.ts';
import { aliasRows } from './rows/aliases.ts';
import { apiKeyRows } from './rows/api-keys.ts';
import { batchRows } from './rows/batches.ts';
import { cacheWeightRows } from './rows/cache-weight.ts';
import { connectionRows } from './rows/connections.ts';
import { contentTypeRows } from './rows/content-types.ts';
import { crossOriginRows } from './rows/cross-origin.ts';
import { documentStructureRows } from './rows/document-structure.ts';
import { entityRows } from './rows/entities.ts';
import { exposedPathRows } from './rows/exposed-paths.ts';
import { fanOutRows } from './rows/fan-out.ts';
import { fileRows } from './rows/files.ts';
import { forgedRepresentationRows } from './rows/forged-representations.ts';
import { forgedTokenRows } from './rows/forged-tokens.ts';
import { headerInjectionRows } from './rows/header-injection.ts';
import { httpMethodRows } from './rows/http-methods.ts';
import { idempotencyKeyRows } from './rows/idempotency-keys.ts';
import { introspectionRows } from './rows/introspection.ts';
import { largeVariableRows } from './rows/large-variables.ts';
import { logInjectionRows } from './rows/log-injection.ts';
import { longArgumentRows } from './rows/long-arguments.ts';
import { longTextRows } from './rows/long-text.ts';
import { manyErrorRows } from './rows/many-errors.ts';
import { memoryRows } from './rows/memory.ts';
import { nestingRows } from './rows/nesting.ts';
import { orderSecretRows } from './rows/order-secrets.ts';
import { otherTransportRows } from './rows/other-transports.ts';
import { ownKeyRows } from './rows/own-keys.ts';
import { pageSizeRows } from './rows/page-size.ts';
import { pathInjectionRows } from './rows/path-injection.ts';
import { prototypePollutionRows } from './rows/prototype-pollution.ts';
import { rateLimitRows } from './rows/rate-limit.ts';
import { rawHttpRows } from './rows/raw-http.ts';
import { requestBodyRows } from './rows/request-bodies.ts';
import { requestForgeryRows } from './rows/request-forgery.ts';
import { requestParameterRows } from './rows/request-parameters.ts';
import { routerSecretRows } from './rows/router-secrets.ts';
import { routerRows } from './rows/routers.ts';
import { schemaGuessingRows } from './rows/schema-guessing.ts';
import { secretRows } from './rows/secrets.ts';
import { strictHttpRows } from './rows/strict-http.ts';
import { subscriptionRows } from './rows/subscriptions.ts';
import { tenantRows } from './rows/tenants.ts';
import { terseNameRows } from './rows/terse-names.ts';
import { tokenRows } from './rows/tokens.ts';
import { upstreamTextRows } from './rows/upstream-text.ts';
import { visitorKeyRows } from './rows/visitor-keys.ts';
import type { Row } from './test-context.ts';

export interface RowOptions {
  /** How many documents A48 sends. */
  readonly documents: number;
  /** Whether time limits apply strictly, as on a machine with nothing else to do. */
  readonly strictTimes: boolean;
}

/** Returns every row, in the order in which the suite runs them. */
export const suiteRows = ({ documents, strictTimes }: RowOptions): readonly Row[] => [
  ...aliasRows,
  ...documentStructureRows,
  ...batchRows,
  ...introspectionRows,
  ...manyErrorRows,
  ...httpMethodRows,
  ...contentTypeRows,
  ...requestBodyRows,
  ...exposedPathRows,
  ...crossOriginRows,
  ...requestParameterRows,
  ...otherTransportRows,
  ...subscriptionRows(strictTimes),
  ...rawHttpRows,
  ...schemaGuessingRows,
  ...nestingRows,
  ...pathInjectionRows,
  ...headerInjectionRows,
  ...requestForgeryRows,
  ...pageSizeRows,
  ...longArgumentRows,
  ...prototypePollutionRows,
  ...idempotencyKeyRows,
  ...fanOutRows,
  ...longTextRows,
  ...largeVariableRows(strictTimes),
  ...terseNameRows,
  ...apiKeyRows,
  ...visitorKeyRows,
  ...orderSecretRows,
  ...logInjectionRows,
  ...forgedTokenRows,
  ...rateLimitRows,
  ...tenantRows(strictTimes),
  ...memoryRows(documents),
  ...connectionRows,
  ...strictHttpRows,
  ...addressRows,
  ...ownKeyRows,
  ...cacheWeightRows,
  ...upstreamTextRows,
  ...tokenRows,
  ...fileRows,
  ...entityRows,
  ...forgedRepresentationRows,
  ...routerRows,
  ...routerSecretRows,
  // Last, since it reads the log of all the others.
  ...secretRows,
];
