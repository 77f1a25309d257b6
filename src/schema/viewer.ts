import {
  callsFrom,
  callsWith,
  callsWithoutAnswer,
  pricePackageCount,
  productOrderCount,
  salesUnitCount,
  successRate,
  upstreamEndpoints,
  type Viewer,
  viewer,
} from '../resolvers/viewer.ts';
import type { EndpointCalls } from '../upstream/models/endpoint-calls.ts';
import { builder } from './builder.ts';
import { costs } from './work/cost.ts';

const UpstreamWindow = builder.enumType('UpstreamWindow', {
  description: 'A time up to now.',
  values: {
    HOUR: { description: 'The last hour.' },
    DAY: { description: 'The last 24 hours.' },
  } as const,
});

const statusField = (status: number, what: string) => ({
  description: `Calls with the status ${status}: ${what}.`,
  resolve: (endpoint: EndpointCalls) => callsWith(endpoint, status),
});

const UpstreamEndpointRef = builder.objectRef<EndpointCalls>('UpstreamEndpoint').implement({
  description:
    'How the Management API answered the calls that this gateway made for the tenant to one endpoint. Counted by the gateway since it started.',
  fields: (t) => ({
    endpoint: t.exposeString('route', {
      description: 'Method and path template, for example `GET /management/v1/sales-units/{msn}`.',
    }),
    totalRequests: t.exposeInt('calls', { description: 'All calls, also those that were repeated.' }),
    successRate: t.float({
      description: 'Percentage of calls with a status of 200 to 299.',
      resolve: successRate,
    }),
    status200: t.int({
      description: 'Calls with a status of 200 to 299.',
      resolve: (endpoint) => callsFrom(endpoint, 200),
    }),
    status400: t.int(statusField(400, 'the input was rejected')),
    status401: t.int(statusField(401, 'the keys or the token were rejected')),
    status403: t.int(statusField(403, 'the keys do not have access')),
    status404: t.int(statusField(404, 'the object is not visible')),
    status429: t.int(statusField(429, 'there were too many calls')),
    status500: t.int({
      description: 'Calls with a status of 500 to 599.',
      resolve: (endpoint) => callsFrom(endpoint, 500),
    }),
    noResponse: t.int({
      description: 'Calls that ended without a complete response: timeouts and broken connections.',
      resolve: callsWithoutAnswer,
    }),
  }),
});

/** The endpoints of the Management API, and a few of token calls. */
const MAX_ENDPOINTS = 15;

const ViewerRef = builder.objectRef<Viewer>('Viewer').implement({
  description: 'The caller, and how much data is visible to the API keys.',
  fields: (t) => ({
    tenant: t.exposeString('tenant', { description: 'Name of the tenant whose API keys the gateway uses.' }),
    scopes: t.exposeStringList('scopes', { description: 'Scopes of the caller.' }),
    upstream: t.field({
      type: [UpstreamEndpointRef],
      authScopes: { read: true },
      description:
        'How the Management API has answered lately, by endpoint. Requires the scope `read`. Costs no upstream call.',
      args: {
        window: t.arg({
          type: UpstreamWindow,
          defaultValue: 'HOUR',
          required: true,
          description: 'The time that is counted.',
        }),
      },
      extensions: costs({ rows: MAX_ENDPOINTS }),
      resolve: (_viewer, { window }, context) => upstreamEndpoints(window, context),
    }),
    salesUnitCount: t.int({
      nullable: true,
      authScopes: { read: true },
      description:
        'Number of sales units visible to the API keys. Null, with an error, if they could not be read. Requires the scope `read`. Costs one upstream call.',
      extensions: costs({ lists: ['salesUnits'] }),
      resolve: (_viewer, _args, context) => salesUnitCount(context),
    }),
    productOrderCount: t.int({
      nullable: true,
      authScopes: { read: true },
      description:
        'Number of product orders of the partner, without expired ones. Null, with an error, if they could not be read. Requires the scope `read`. Costs one upstream call.',
      extensions: costs({ lists: ['productOrders'] }),
      resolve: (_viewer, _args, context) => productOrderCount(context),
    }),
    pricePackageCount: t.int({
      nullable: true,
      authScopes: { read: true },
      description:
        'Number of price packages of the partner. Null, with an error, if they could not be read, as with keys that are not those of a partner. Requires the scope `read`. Costs one upstream call.',
      extensions: costs({ lists: ['pricePackages'] }),
      resolve: (_viewer, _args, context) => pricePackageCount(context),
    }),
  }),
});

builder.queryField('viewer', (t) =>
  t.field({
    type: ViewerRef,
    // Every authenticated caller may read its own identity.
    skipTypeScopes: true,
    description: 'Returns the caller. Requires no scope; the counts require `read`.',
    resolve: (_root, _args, context) => viewer(context),
  }),
);
