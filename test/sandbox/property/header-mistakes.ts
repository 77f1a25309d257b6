import fc from 'fast-check';
import { basic } from '../client.ts';
import type { Target } from './target.ts';
import type { CallerName, Tokens } from './tokens.ts';
import { sees } from './visibility.ts';

// A change of the caller's headers, and the status that says that it is a mistake.
export type HeaderMistake = (headers: Record<string, string>, caller: CallerName) => number | undefined;

/** Everything that can be wrong, or odd, with the token and the subscription key. */
export function authMistakes({ callers }: Target, keys: Tokens): fc.Arbitrary<HeaderMistake> {
  const bearer =
    (value: string): HeaderMistake =>
    (headers) => {
      headers['authorization'] = value;
      return 401;
    };
  const subscription =
    (value: string): HeaderMistake =>
    (headers, caller) => {
      headers['ocp-apim-subscription-key'] = value;
      if (caller === 'management') return 401;
      const own = callers[caller];
      return value === own.subscriptionKey || value === own.subscriptionKeySecondary ? undefined : 401;
    };
  const { partner, otherPartner, merchant } = callers;
  const bad = fc
    .constantFrom('', 'Bearer', 'Bearer ', `Bearer ${keys.expired}`, `Bearer ${keys.revoked}`, 'Bearer x.y.z')
    .map(bearer);
  const miscased = fc.constantFrom<HeaderMistake>(
    (headers) => bearer(headers['authorization']?.replace('Bearer', 'bearer') ?? '')(headers, 'partner'),
    (headers) => bearer(headers['authorization']?.slice('Bearer '.length) ?? '')(headers, 'partner'),
    (headers) => bearer(`${headers['authorization']}x`)(headers, 'partner'),
    (headers) => bearer(basic(callers.management))(headers, 'partner'),
    (headers) => {
      delete headers['authorization'];
      return 401;
    },
    (headers, caller) => {
      delete headers['ocp-apim-subscription-key'];
      return caller === 'management' ? undefined : 401;
    },
  );
  const known = [partner, otherPartner, merchant].flatMap((own) => [
    own.subscriptionKey,
    own.subscriptionKeySecondary,
  ]);
  const keyed = fc
    .oneof(fc.constantFrom(...known, '', ', '), fc.stringMatching(/^[0-9a-f]{32}$/))
    .map(subscription);
  return fc.oneof(bad, miscased, keyed);
}

/** Optional headers, within their limits and beyond. */
export function headerMistakes({ data }: Target): fc.Arbitrary<HeaderMistake> {
  const { msnOfOtherPartner, inactiveMsn, msnOfDeactivatedMerchant } = data.hidden;
  const msns = [
    data.msns[0] ?? '',
    data.msns[7] ?? '',
    msnOfOtherPartner,
    inactiveMsn,
    msnOfDeactivatedMerchant,
    '9999999999',
  ];
  const system = fc.constantFrom('name', 'version', 'plugin-name', 'plugin-version');
  return fc.oneof(
    fc.constantFrom(...msns).map(
      (msn): HeaderMistake =>
        (headers, caller) => {
          headers['merchant-serial-number'] = msn;
          return sees(data, caller, msn) ? undefined : 403;
        },
    ),
    fc.constantFrom('', '123', '12345678901', '12a45', '-1234', '１２３４').map(
      (msn): HeaderMistake =>
        (headers) => {
          headers['merchant-serial-number'] = Buffer.from(msn).toString('latin1');
          return 400;
        },
    ),
    fc.tuple(system, fc.stringMatching(/^[!-~]{0,60}$/)).map(
      ([name, value]): HeaderMistake =>
        (headers) => {
          headers[`vipps-system-${name}`] = value;
          return value.length > 30 ? 400 : undefined;
        },
    ),
    fc.stringMatching(/^x-[a-z]{1,20}$/).map(
      (name): HeaderMistake =>
        (headers) => {
          headers[name] = 'y'.repeat(2000);
          return undefined;
        },
    ),
  );
}
