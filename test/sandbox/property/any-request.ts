import fc from 'fast-check';
import { basic } from '../client.ts';
import type { CallerName, Keyring } from './keyring.ts';
import { callerNames, headersOf } from './keyring.ts';
import { orderBody } from './order-bodies.ts';
import type { Part } from './routes.ts';
import { routeParts, sees, strayRequest } from './routes.ts';
import type { Sent, Target } from './target.ts';

/** A request, what the contract calls its route, and the statuses that its answer may have. */
export interface Case {
  readonly request: Sent;
  /** Undefined for a request to no route. */
  readonly route?: { readonly method: string; readonly path: string };
  readonly allowed: readonly number[];
}
/** Idempotency keys must be fresh, so a case is finished with its place in the batch. */
export type CaseAt = (place: number) => Case;

// A change of the caller's headers, and the status that says that it is a mistake.
type Twist = (headers: Record<string, string>, caller: CallerName) => number | undefined;

function authTwists({ callers }: Target, keys: Keyring): fc.Arbitrary<Twist> {
  const bearer =
    (value: string): Twist =>
    (headers) => {
      headers['authorization'] = value;
      return 401;
    };
  const subscription =
    (value: string): Twist =>
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
  const miscased = fc.constantFrom<Twist>(
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

function headerTwists({ data }: Target): fc.Arbitrary<Twist> {
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
      (msn): Twist =>
        (headers, caller) => {
          headers['merchant-serial-number'] = msn;
          return sees(data, caller, msn) ? undefined : 403;
        },
    ),
    fc.constantFrom('', '123', '12345678901', '12a45', '-1234', '１２３４').map(
      (msn): Twist =>
        (headers) => {
          headers['merchant-serial-number'] = Buffer.from(msn).toString('latin1');
          return 400;
        },
    ),
    fc.tuple(system, fc.stringMatching(/^[!-~]{0,60}$/)).map(
      ([name, value]): Twist =>
        (headers) => {
          headers[`vipps-system-${name}`] = value;
          return value.length > 30 ? 400 : undefined;
        },
    ),
    fc.stringMatching(/^x-[a-z]{1,20}$/).map(
      (name): Twist =>
        (headers) => {
          headers[name] = 'y'.repeat(2000);
          return undefined;
        },
    ),
  );
}

const idempotencyKeys = fc.oneof(
  { weight: 6, arbitrary: fc.constant('fresh') },
  fc.constantFrom(undefined, '', 'x'.repeat(51), 'a b', 'a_b', 'ключ', 'a,b', '{}'),
);
const good = { method: 'POST', path: '/management/v1/product-orders' };

/** Any request to the API: a caller, none or some mistakes in its headers, a route with any path, query and body. */
function apiCase(target: Target, keys: Keyring): fc.Arbitrary<CaseAt> {
  // One of each kind at most: they change different headers, so that their mistakes add up.
  const twists = fc.tuple(
    fc.option(authTwists(target, keys), { freq: 1 }),
    fc.option(headerTwists(target), { freq: 1 }),
  );
  const order = fc.tuple(orderBody, idempotencyKeys).map(
    ([{ body, isGood }, key]): Part => ({
      ...good,
      route: good,
      body,
      idempotencyKey: key,
      mistakes: (caller) => [
        ...(caller === 'merchant' ? [403] : []),
        ...(key === 'fresh' ? [] : [400]),
        ...(isGood ? [] : [400]),
      ],
      success: 201,
    }),
  );
  const part = fc.oneof({ weight: 3, arbitrary: order }, { weight: 7, arbitrary: routeParts(target.data) });

  return fc
    .tuple(fc.constantFrom(...callerNames), twists, part)
    .map(([caller, applied, wanted]) => (place) => {
      const headers = headersOf(target, keys, caller);
      const wrong = applied.flatMap((twist) => twist?.(headers, caller) ?? []);
      const mistakes = [...wrong, ...wanted.mistakes(caller)];
      if (wanted.idempotencyKey !== undefined) {
        const key = wanted.idempotencyKey === 'fresh' ? `fresh-${place}` : wanted.idempotencyKey;
        headers['idempotency-key'] = Buffer.from(key).toString('latin1');
      }
      if (wanted.body !== undefined) headers['content-type'] = 'application/json';
      const request = {
        method: wanted.method,
        path: wanted.path,
        headers,
        ...(wanted.body !== undefined && { body: wanted.body }),
      };
      // Whoever is not let in learns nothing else.
      const allowed = wrong.includes(401) ? [401] : mistakes.length > 0 ? mistakes : [wanted.success];
      return { request, route: wanted.route, allowed };
    });
}

/** Any request to the token routes. */
function tokenCase({ callers }: Target): fc.Arbitrary<CaseAt> {
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

/** Any request at all, with a weight on those that get far. */
export function anyCase(target: Target, keys: Keyring): fc.Arbitrary<CaseAt> {
  const stray = fc.tuple(strayRequest(target.data), fc.constantFrom(...callerNames)).map(
    ([{ method, path }, caller]): CaseAt =>
      () => ({ request: { method, path, headers: headersOf(target, keys, caller) }, allowed: [404] }),
  );
  return fc.oneof(
    { weight: 14, arbitrary: apiCase(target, keys) },
    { weight: 2, arbitrary: tokenCase(target) },
    { weight: 3, arbitrary: stray },
  );
}
