import type { DirectoryStatus } from '../directory/directory.ts';
import { toDateTime } from '../resolvers/date-time.ts';
import { directoryStatus } from '../resolvers/directory-page.ts';
import { builder } from './builder.ts';
import { costs } from './work/cost.ts';

const DirectoryState = builder.enumType('DirectoryState', {
  description: 'What the directory is doing.',
  values: {
    STARTING: { value: 'starting', description: 'It is about to read the list of sales units.' },
    FILLING: { value: 'filling', description: 'It is reading sales units and merchants.' },
    CURRENT: { value: 'current', description: 'Nothing is due to be read.' },
    PAUSED: {
      value: 'paused',
      description:
        'It is waiting, because the Management API is failing, is limiting the rate, or rejects the keys.',
    },
  } as const,
});

const DirectoryRef = builder.objectRef<DirectoryStatus>('Directory').implement({
  description:
    'The local copy of all sales units and merchants that the API keys can see. It answers searches, filters and lists that the Management API cannot, and is kept current in the background.',
  fields: (t) => ({
    state: t.field({
      type: DirectoryState,
      resolve: ({ state }) => state,
      description: 'What the directory is doing.',
    }),
    isComplete: t.exposeBoolean('isComplete', {
      description: 'True if every sales unit of the last list and every merchant of one is known.',
    }),
    incompleteReason: t.string({
      nullable: true,
      resolve: ({ incompleteBecause }) => incompleteBecause ?? null,
      description: 'Why the directory is not complete, as an English sentence. Null if it is complete.',
    }),
    salesUnitCount: t.exposeInt('salesUnits', { description: 'Sales units of the last list.' }),
    knownSalesUnitCount: t.exposeInt('knownSalesUnits', {
      description: 'Sales units of the last list whose details are known.',
    }),
    removedSalesUnitCount: t.exposeInt('removedSalesUnits', {
      description: 'Sales units that were on an earlier list and are on none now. They are in no result.',
    }),
    merchantCount: t.exposeInt('merchants', { description: 'Merchants of the known sales units.' }),
    knownMerchantCount: t.exposeInt('knownMerchants', {
      description: 'Merchants of the known sales units that are known themselves.',
    }),
    oldestRecordAt: t.field({
      type: 'DateTime',
      nullable: true,
      resolve: ({ oldestReadAt }) => toDateTime(oldestReadAt),
      description: 'When the oldest details of a sales unit were read. Null if none are known.',
    }),
    listReadAt: t.field({
      type: 'DateTime',
      nullable: true,
      resolve: ({ listReadAt }) => toDateTime(listReadAt),
      description: 'When the list of sales units was last read. Null if it never was.',
    }),
  }),
});

builder.queryField('directory', (t) =>
  t.field({
    type: DirectoryRef,
    description:
      'Returns what the directory knows and does. Fails with DIRECTORY_UNAVAILABLE for callers without one. Costs no upstream call.',
    extensions: costs({ rows: 1 }),
    resolve: (_root, _args, context) => directoryStatus(context),
  }),
);
