import fc from 'fast-check';
import { basic } from '../client.ts';
import type { CaseAt } from './case.ts';
import type { Target } from './target.ts';

/** Any request to the token routes. */
export function tokenCase({ callers }: Target): fc.Arbitrary<CaseAt> {
  const owners = ['partner', 'otherPartner', 'merchant'] as const;
  const standard = fc
    .record({
      path: fc.constantFrom('/accesstoken/get', '/accessToken/get'),
      id: fc.constantFrom(...owners, 'none', 'wrong'),
      secret: fc.constantFrom(...owners, 'none', 'wrong'),
      key: fc.constantFrom(...owners, 'none', 'wrong'),
      msn: fc.constantFrom(undefined, '12345', 'x'),
      body: fc.constantFrom(undefined, '', '{}', 'x'),
    })
    .map(
      ({ path, id, secret, key, msn, body }): CaseAt =>
        () => {
          const pick = (name: string, field: 'clientId' | 'clientSecret' | 'subscriptionKey') =>
            name === 'wrong' ? 'x' : callers[name as (typeof owners)[number]][field];
          const headers = {
            ...(id !== 'none' && { client_id: pick(id, 'clientId') }),
            ...(secret !== 'none' && { client_secret: pick(secret, 'clientSecret') }),
            ...(key !== 'none' && { 'ocp-apim-subscription-key': pick(key, 'subscriptionKey') }),
            ...(msn && { 'merchant-serial-number': msn }),
          };
          const isOne = id === secret && id === key && id !== 'wrong' && id !== 'none';
          const mistakes = [
            ...(isOne ? [] : [401]),
            ...(id === 'none' || secret === 'none' || msn === 'x' ? [400] : []),
          ];
          return {
            request: { method: 'POST', path, headers, ...(body !== undefined && { body }) },
            route: { method: 'POST', path: '/accesstoken/get' },
            allowed: mistakes.length > 0 ? mistakes : [200],
          };
        },
    );
  const { clientId, clientSecret } = callers.management;
  const specialized = fc
    .record({
      authorization: fc.constantFrom(
        basic(callers.management),
        basic(callers.management).replace('Basic', 'basic'),
        basic(callers.partner),
        basic({ clientId, clientSecret: 'x' }),
        basic({ clientId: 'x', clientSecret }),
        undefined,
        'Basic',
        'Basic !!!',
        'Bearer x',
      ),
      type: fc.constantFrom(
        'application/x-www-form-urlencoded',
        'application/x-www-form-urlencoded; charset=utf-8',
        'application/json',
        undefined,
      ),
      body: fc.constantFrom(
        'grant_type=client_credentials',
        'grant_type=client_credentials&scope=a',
        '',
        'grant_type=',
        'grant_type=password',
        '%zz=%',
        '{"grant_type":"client_credentials"}',
      ),
      key: fc.constantFrom(undefined, undefined, undefined, callers.partner.subscriptionKey),
    })
    .map(
      ({ authorization, type, body, key }): CaseAt =>
        () => {
          const isForm = type?.startsWith('application/x-www-form-urlencoded') ?? false;
          const isKnown = authorization?.toLowerCase() === basic(callers.management).toLowerCase();
          const mistakes = [
            ...(isKnown ? [] : [401]),
            ...(isForm && body.startsWith('grant_type=client_credentials') && !key ? [] : [400]),
          ];
          const headers = {
            ...(authorization && { authorization }),
            ...(type && { 'content-type': type }),
            ...(key && { 'ocp-apim-subscription-key': key }),
          };
          const route = { method: 'POST', path: '/miami/v1/token' };
          return {
            request: { ...route, headers, body },
            route,
            allowed: mistakes.length > 0 ? mistakes : [200],
          };
        },
    );
  return fc.oneof({ weight: 3, arbitrary: standard }, { weight: 2, arbitrary: specialized });
}
