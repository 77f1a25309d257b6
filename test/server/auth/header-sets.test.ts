import { expect, it } from 'vitest';
import { headerSets } from '../../../src/server/auth/header-sets.ts';

it('offers the headers of each configured method, and none without authentication', () => {
  expect(headerSets(['none'])).toEqual([]);
  expect(headerSets(['vipps-keys', 'api-key', 'jwt'])).toEqual([
    { name: 'Gateway key', headers: { Authorization: 'Bearer mg_' } },
    { name: 'Access token', headers: { Authorization: 'Bearer ' } },
    {
      name: 'Vipps MobilePay keys',
      headers: { 'Vipps-Client-Id': '', 'Vipps-Client-Secret': '', 'Ocp-Apim-Subscription-Key': '' },
    },
  ]);
});
