import { type ChangePage, type ChangesArguments, changes } from '../../resolvers/changes/changes.ts';
import { toDateTime } from '../../resolvers/date-time.ts';
import { businessKey } from '../../upstream/models/identifiers.ts';
import { builder } from '../builder.ts';
import { BusinessIdentifierInput } from '../business-identifier.ts';
import { MerchantRef } from '../merchant.ts';
import { ProductOrderRef } from '../product-orders/product-order.ts';
import { SalesUnitRef } from '../sales-unit.ts';
import { sameArguments } from '../same-arguments.ts';
import { costs } from '../work/cost.ts';
import { ChangeKindRef, ChangeRef } from './change.ts';

const ChangeConnection = builder.connectionObject(
  {
    type: ChangeRef,
    name: 'ChangeConnection',
    description:
      'A page of changes, oldest first. Its `endCursor` is never null: keep it, and pass it as `after` the next time, even if the page was empty.',
    fields: (t) => ({
      observedSince: t.field({
        type: 'DateTime',
        nullable: true,
        resolve: (page) => toDateTime((page as unknown as ChangePage).observedSince),
        description:
          'Start of uninterrupted observation: when the directory first became complete, or the end of the last gap of at least ten minutes or three times `DIRECTORY_LIST_SECONDS`, whichever is longer. For the time within a gap, only the net difference is recorded. Null until the directory has been complete once.',
      }),
    }),
  },
  { name: 'ChangeEdge', description: 'A change and its cursor.' },
);

export const ChangeFilterInput = builder.inputType('ChangeFilter', {
  description: 'Filter for changes. A change must match all given fields. Costs no upstream call.',
  fields: (t) => ({
    kind: t.field({ type: [ChangeKindRef], description: 'Matches changes of any of these kinds.' }),
    msn: t.stringList({
      description:
        'Matches changes of these sales units, and of orders that resulted in one of them. MSNs or global IDs.',
    }),
    businessIdentifier: t.field({
      type: BusinessIdentifierInput,
      description: 'Matches changes of this merchant, of its sales units and of its orders.',
    }),
    productOrderId: t.stringList({
      description: 'Matches changes of these product orders. IDs or global IDs.',
    }),
    since: t.field({
      type: 'DateTime',
      description: 'Matches changes that were seen at this time or later.',
    }),
  }),
});

const pageCosts = costs({ rows: 'page', fromDirectory: () => true });
const HOW =
  'Recorded by the directory, see `Query.directory`: fails with DIRECTORY_UNAVAILABLE without one, and with CURSOR_EXPIRED for a cursor that is older than `CHANGES_KEEP_DAYS`. Costs no upstream call.';

builder.queryField('changes', (t) =>
  t.field({
    type: ChangeConnection,
    description: `Returns what changed: sales units, merchants, product orders and price packages. ${HOW}`,
    args: {
      ...t.arg.connectionArgs(),
      filter: t.arg({ type: ChangeFilterInput, description: 'Returns only changes that match this filter.' }),
    },
    extensions: pageCosts,
    resolve: (_root, args, context, info) =>
      changes(sameArguments<ChangesArguments>(args, context, info), context) as never,
  }),
);

builder.objectField(SalesUnitRef, 'changes', (t) =>
  t.field({
    type: ChangeConnection,
    description: `Returns what changed of this sales unit. ${HOW}`,
    args: t.arg.connectionArgs(),
    extensions: pageCosts,
    resolve: ({ msn }, args, context) => changes(args, context, { msns: [msn] }) as never,
  }),
);

builder.objectField(MerchantRef, 'changes', (t) =>
  t.field({
    type: ChangeConnection,
    description: `Returns what changed of this merchant, of its sales units and of its orders. ${HOW}`,
    args: t.arg.connectionArgs(),
    extensions: pageCosts,
    resolve: ({ businessIdentifier }, args, context) =>
      changes(args, context, { merchants: [businessKey(businessIdentifier)] }) as never,
  }),
);

builder.objectField(ProductOrderRef, 'changes', (t) =>
  t.field({
    type: ChangeConnection,
    description: `Returns what changed of this order: its life. ${HOW}`,
    args: t.arg.connectionArgs(),
    extensions: pageCosts,
    resolve: ({ key }, args, context) => changes(args, context, { productOrders: [key] }) as never,
  }),
);
