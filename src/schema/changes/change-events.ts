import { type ChangeEvent, changeEvent, changeEvents } from '../../resolvers/changes/change-events.ts';
import { builder } from '../builder.ts';
import { ChangeRef } from './change.ts';
import { ChangeFilterInput } from './changes.ts';

const ChangeEventRef = builder.objectRef<ChangeEvent>('ChangeEvent').implement({
  authScopes: { read: true },
  description:
    'A change, or only a cursor. A cursor alone is sent once the client has caught up, and after every ten seconds without a change.',
  fields: (t) => ({
    cursor: t.exposeString('cursor', {
      description:
        'Everything up to here has been sent. Keep it: pass it as `after` to a new subscription, or to the query `changes`.',
    }),
    change: t.field({
      type: ChangeRef,
      nullable: true,
      resolve: ({ change }) => change,
      description: 'The change. Null if the event only tells the cursor.',
    }),
    caughtUp: t.exposeBoolean('caughtUp', {
      description: 'False for stored changes. True from the first event after them on, which has no change.',
    }),
  }),
});

builder.subscriptionField('changes', (t) =>
  t.field({
    type: ChangeEventRef,
    description:
      'Sends what changes: sales units, merchants, product orders and price packages, in order, each change once. Without `after`, it starts now, with an event that has no change. A change is sent when this gateway sees it, see `Change.at`. Ends with SLOW_CONSUMER if the client reads too slowly, and with SUBSCRIPTION_ENDED when the gateway stops: both errors have a `cursor` to continue from. Fails with DIRECTORY_UNAVAILABLE without a directory, and with CURSOR_EXPIRED for a cursor that is older than `CHANGES_KEEP_DAYS`. Costs no upstream call of its own.',
    args: {
      after: t.arg.string({
        description:
          'Sends the changes after this cursor first. Without it, only new ones. The header `Last-Event-ID` takes precedence.',
      }),
      filter: t.arg({ type: ChangeFilterInput, description: 'Sends only changes that match this filter.' }),
    },
    subscribe: (_root, args, context) => changeEvents(args, context),
    resolve: (event) => changeEvent(event),
  }),
);
