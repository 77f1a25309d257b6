import { builder } from '../builder.ts';
import { costs } from '../work/cost.ts';

const ServiceRef = builder.objectRef<object>('_Service').implement({
  authScopes: { introspect: true },
  description: 'The subgraph, as tools for supergraphs read it.',
  fields: (t) => ({
    sdl: t.string({
      nullable: true,
      description: 'The schema of the subgraph with its directives.',
      resolve: (_service, _args, _context, { schema }) => schema.extensions['sdl'] as string,
    }),
  }),
});

builder.queryField('_service', (t) =>
  t.field({
    type: ServiceRef,
    authScopes: { introspect: true },
    // Its text is as long as this many rows.
    extensions: costs({ rows: 700 }),
    description: 'Describes the subgraph. Requires the scope `introspect`.',
    resolve: () => ({}),
  }),
);
