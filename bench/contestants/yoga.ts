import { createServer } from 'node:http';
import DataLoader from 'dataloader';
import { createSchema, createYoga } from 'graphql-yoga';
import { readOrder, serve } from './contestant.ts';
import {
  type BusinessIdentifier,
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

// Yoga, DataLoader and fetch, as anyone would put them together in an hour.

interface Context {
  readonly units: DataLoader<string, UnitDetails>;
  readonly merchants: DataLoader<BusinessIdentifier, Merchant, string>;
}

const { upstream, cache } = readOrder();
const api = await connectManagementApi(sendWithFetch(upstream), upstream.keys, cache);

const context = (): Context => ({
  units: new DataLoader((msns) => Promise.all(msns.map(api.unit))),
  merchants: new DataLoader((identifiers) => Promise.all(identifiers.map(api.merchant)), {
    cacheKeyFn: ({ scheme, id }) => `${scheme} ${id}`,
  }),
});

const yoga = createYoga<object, Context>({
  schema: createSchema<Context>({
    typeDefs,
    resolvers: {
      Query: {
        salesUnits: async (_: unknown, { first = 50, after }: { first?: number; after?: string }) =>
          pageOf(await api.units(), first, after),
        salesUnit: (_: unknown, { msn }: { msn: string }, { units }: Context) => units.load(msn),
        pricePackages: () => api.pricePackages(),
      },
      SalesUnitConnection: {
        edges: (page: readonly Unit[]) => page.map(({ msn }) => ({ cursor: msn })),
        nodes: (page: readonly Unit[]) => page,
      },
      SalesUnit: {
        configuration: ({ msn }: Unit, _: unknown, { units }: Context) => units.load(msn),
        merchant: async ({ msn }: Unit, _: unknown, { units, merchants }: Context) =>
          merchants.load((await units.load(msn)).businessIdentifier),
      },
      SalesUnitConfiguration: { captureType: captureTypeOf },
      Mutation: {
        prefillProductOrder: async (_: unknown, { input }: { input: PrefillInput }) => {
          const { prefillUrl } = await api.prefill(input);
          return { prefillUrl, userErrors: [] };
        },
      },
    },
  }),
  context,
  graphiql: false,
  logging: false,
});

serve(createServer(yoga));
