import { typed } from '../inputs/attack-requests.ts';
import { unsupported } from '../inputs/refusals.ts';
import type { Row } from '../test-context.ts';

const form = 'query=%7B__typename%7D';
const multipart = [
  '--b\r\nContent-Disposition: form-data; name="operations"\r\n\r\n{"query":"{ __typename }","variables":{}}\r\n',
  '--b\r\nContent-Disposition: form-data; name="map"\r\n\r\n{"0":["__proto__.x","variables.__proto__.polluted"]}\r\n',
  '--b\r\nContent-Disposition: form-data; name="0"; filename="a"\r\n\r\nyes\r\n--b--\r\n',
].join('');

export const contentTypeRows: readonly Row[] = [
  {
    id: 'A15',
    what: 'a form',
    run: async (context) => {
      await context.refused('form', typed(context, 'application/x-www-form-urlencoded', form), unsupported);
    },
  },
  {
    id: 'A16',
    what: 'other content types',
    run: async (context) => {
      const types = [
        undefined,
        'text/plain',
        'multipart/form-data; boundary=b',
        'application/graphql',
        'application/json, text/plain',
        'application/json; charset=utf-16',
        'application/json; charset=utf-7',
        'application/jsonp',
        'application/graphql+json',
      ];
      for (const type of types) await context.refused(type ?? 'none', typed(context, type), unsupported);
    },
  },
  {
    id: 'A17',
    what: 'a multipart form that names the prototype',
    run: async (context) => {
      await context.refused('map', typed(context, 'multipart/form-data; boundary=b', multipart), unsupported);
    },
  },
];
