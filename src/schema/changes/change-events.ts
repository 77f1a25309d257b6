import { type ChangeEvent, changeEvent, changeEvents } from '../../resolvers/changes/change-events.ts';
import { builder } from '../builder.ts';
import { ChangeRef } from './change.ts';
import { ChangeFilterInput } from './changes.ts';

const ChangeEventRef = builder.objectRef<ChangeEvent>('ChangeEvent').implement({
  authScopes: { read: true },
  description:
    'A change as it is seen, or only a cursor: when everything before was sent, and every ten seconds without a change.',
  fields: (t) => ({
    cursor: t.exposeString('cursor', {
      description:
        'Everything up to here was sent. Keep it: `changes(after:)` goes on after it, as a query or as a subscription.',
    }),
    change: t.field({
      type: ChangeRef,
      nullable: true,
      resolve: ({ change }) => change,
      description: 'The change. Null if the event only tells the cursor.',
    }),
    caughtUp: t.exposeBoolean('caughtUp', {
      description:
        'False while changes are sent that had happened before. True from the first event after them on, which has no change.',
    }),
  }),
});

builder.subscriptionField('changes', (t) =>
  t.field({
    type: ChangeEventRef,
    description:
      'Sends what changes: sales units, merchants, product orders and price packages, in order, none twice. Begins with an event without a change if `after` is absent. Delivery is as fast as this gateway sees a change, see `Change.at`. Ends with SLOW_CONSUMER if the client reads too slowly, and with SUBSCRIPTION_ENDED when the gateway stops: both have a `cursor` to go on from. Fails with DIRECTORY_UNAVAILABLE without a directory, and with CURSOR_EXPIRED for a cursor that is older than `CHANGES_KEEP_DAYS`. Costs no upstream call of its own.',
    args: {
      after: t.arg.string({
        description:
          'Sends the changes after this cursor first. From now on if it is absent. The header `Last-Event-ID` takes precedence.',
      }),
      filter: t.arg({ type: ChangeFilterInput, description: 'Sends only changes that match this filter.' }),
    },
    subscribe: (_root, args, context) => changeEvents(args, context),
    resolve: (event) => changeEvent(event),
  }),
);
