import { expect, it } from 'vitest';
import { dataNotice } from '../../../src/server/graphiql/data-notice.ts';

it.each([
  ['https://api.vipps.no', false, 'real', 'Real data'],
  ['https://api.vipps.no/', false, 'real', 'Real data'],
  ['https://apitest.vipps.no', false, 'other', 'Data of apitest.vipps.no'],
  ['http://127.0.0.1:4010', false, 'other', 'Data of 127.0.0.1:4010'],
  ['https://api.vipps.no.example.com', false, 'other', 'Data of api.vipps.no.example.com'],
  ['http://127.0.0.1:4010', true, 'sandbox', 'Sandbox'],
])('says of %s (embedded: %s) that it is %s', (url, isSandbox, kind, label) => {
  expect(dataNotice({ url, isSandbox })).toMatchObject({ kind, label });
});
