import { tryPlaces } from '../inputs/path-inputs.ts';
import { graphqlRequest, type Row } from '../test-context.ts';

export const pathInjectionRows: readonly Row[] = [
  {
    id: 'A21',
    what: 'odd characters',
    run: async (context) => {
      await tryPlaces(context, [
        ['NUL', '1234\u0000'],
        ['RTL', '1234\u202e56'],
        ['zero width', '12\u200b3456'],
        ['lone surrogate', '1234\ud800'],
        ['full-width digits', '１２３４５６'],
        ['Arabic digits', '١٢٣٤٥٦'],
      ]);
      const { headers = {} } = graphqlRequest(context.target, '');
      const around = (bytes: string) =>
        Buffer.concat([
          Buffer.from('{"query":"{ salesUnit(msn: \\"1234'),
          Buffer.from(bytes, 'hex'),
          Buffer.from('\\") { name } }"}'),
        ]);
      await context.refused(
        'overlong UTF-8',
        { headers, body: around('c0ae') },
        { codes: ['BAD_USER_INPUT', 'BAD_REQUEST'], statuses: [200, 400] },
      );
      await context.refused(
        'raw NUL',
        { headers, body: around('00') },
        { codes: ['BAD_USER_INPUT', 'BAD_REQUEST'], statuses: [200, 400] },
      );
    },
  },
  {
    id: 'A22',
    what: 'path segments',
    run: (context) =>
      tryPlaces(
        context,
        [
          '..',
          '.',
          '../..',
          '%2e%2e',
          '..%2f',
          '%2f',
          'a/b',
          'a?x=1',
          'a#f',
          'a;b',
          '\\',
          'x'.repeat(10_240),
          '',
          ' ',
        ].map((value) => [JSON.stringify(value.slice(0, 20)), value]),
      ),
  },
];
