import fastify from 'fastify';
import mercurius from 'mercurius';
import { announce, readOrder } from './contestant.ts';
import {
  captureTypeOf,
  connectManagementApi,
  type Merchant,
  type PrefillInput,
  pageOf,
  sendWithFetch,
  type Unit,
  type UnitDetails,
} from './management-api.ts';
import { typeDefs } from './schema.ts';

// mercurius with loaders and its compiler of queries, as its documentation suggests.

const { port, upstream, cache } = readOrder();
const api = await connectManagementApi(sendWithFetch(upstream), upstream.keys, cache);

/** The calls of one operation, each sent once. */
interface Context {
  readonly units: Map<string, Promise<UnitDetails>>;
  readonly merchants: Map<string, Promise<Merchant>>;
}

const unitOf = ({ units }: Context, msn: string) => {
  const unit = units.get(msn) ?? api.unit(msn);
  units.set(msn, unit);
  return unit;
};

const merchantOf = async (context: Context, msn: string) => {
  const { businessIdentifier } = await unitOf(context, msn);
  const key = `${businessIdentifier.scheme} ${businessIdentifier.id}`;
  const merchant = context.merchants.get(key) ?? api.merchant(businessIdentifier);
  context.merchants.set(key, merchant);
  return merchant;
};

/** What mercurius hands to a loader: the same field of all objects at once. */
type Fields = readonly { readonly obj: Unit }[];

const app = fastify();
await app.register(mercurius, {
  schema: typeDefs,
  jit: 1,
  context: (): Context => ({ units: new Map(), merchants: new Map() }),
  resolvers: {
    Query: {
      salesUnits: async (_: unknown, { first = 50, after }: { first?: number; after?: string }) => {
        const page = pageOf(await api.units(), first, after);
        return { nodes: page, edges: page.map(({ msn }) => ({ cursor: msn })) };
      },
      salesUnit: (_: unknown, { msn }: { msn: string }, context: unknown) => unitOf(context as Context, msn),
      pricePackages: () => api.pricePackages(),
    },
    SalesUnitConfiguration: { captureType: captureTypeOf },
    Mutation: {
      prefillProductOrder: async (_: unknown, { input }: { input: PrefillInput }) => {
        const { prefillUrl } = await api.prefill(input);
        return { prefillUrl, userErrors: [] };
      },
    },
  },
  loaders: {
    SalesUnit: {
      configuration: (fields: Fields, context: unknown) =>
        Promise.all(fields.map(({ obj }) => unitOf(context as Context, obj.msn))),
      merchant: (fields: Fields, context: unknown) =>
        Promise.all(fields.map(({ obj }) => merchantOf(context as Context, obj.msn))),
    },
  },
});

const url = await app.listen({ host: '127.0.0.1', port });
announce(Number(new URL(url).port));
