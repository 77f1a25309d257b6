import { graphqlRequest, type Row } from '../test-context.ts';

export const batchRows: readonly Row[] = [
  {
    id: 'A05',
    what: 'batches',
    run: async (context) => {
      const { headers = {} } = graphqlRequest(context.target, '');
      const batch = { codes: ['BATCHING_NOT_ALLOWED'] };
      const ten = JSON.stringify(Array.from({ length: 10 }, () => ({ query: '{ __typename }' })));
      await context.refused('of 10', { headers, body: ten }, batch);
      await context.refused(
        'empty',
        { headers, body: '[]' },
        { codes: ['BATCHING_NOT_ALLOWED', 'BAD_REQUEST'] },
      );
      const many = `[${'{},'.repeat(99_999)}{}]`;
      await context.refused(
        'of 100000',
        { headers, body: many },
        {
          codes: ['BATCHING_NOT_ALLOWED', 'BAD_REQUEST'],
          statuses: [400, 413],
        },
      );
    },
  },
];
