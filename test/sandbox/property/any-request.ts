import fc from 'fast-check';
import type { CaseAt } from './case.ts';
import { authMistakes, headerMistakes } from './header-mistakes.ts';
import { orderBody } from './order-bodies.ts';
import type { Part } from './routes.ts';
import { routeParts } from './routes.ts';
import type { Target } from './target.ts';
import { tokenCase } from './token-case.ts';
import type { Tokens } from './tokens.ts';
import { callerNames, headersOf } from './tokens.ts';
import { unknownRoute } from './unknown-route.ts';

const idempotencyKeys = fc.oneof(
  { weight: 6, arbitrary: fc.constant('fresh') },
  fc.constantFrom(undefined, '', 'x'.repeat(51), 'a b', 'a_b', 'ключ', 'a,b', '{}'),
);
const good = { method: 'POST', path: '/management/v1/product-orders' };

/** Any request to the API: a caller, none or some mistakes in its headers, a route with any path, query and body. */
function apiCase(target: Target, keys: Tokens): fc.Arbitrary<CaseAt> {
  // One of each kind at most: they change different headers, so that their mistakes add up.
  const mistakes = fc.tuple(
    fc.option(authMistakes(target, keys), { freq: 1 }),
    fc.option(headerMistakes(target), { freq: 1 }),
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
    .tuple(fc.constantFrom(...callerNames), mistakes, part)
    .map(([caller, applied, wanted]) => (place) => {
      const headers = headersOf(target, keys, caller);
      const wrong = applied.flatMap((mistake) => mistake?.(headers, caller) ?? []);
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

/** Any request at all, with a weight on those that get far. */
export function anyCase(target: Target, keys: Tokens): fc.Arbitrary<CaseAt> {
  const stray = fc.tuple(unknownRoute(target.data), fc.constantFrom(...callerNames)).map(
    ([{ method, path }, caller]): CaseAt =>
      () => ({ request: { method, path, headers: headersOf(target, keys, caller) }, allowed: [404] }),
  );
  return fc.oneof(
    { weight: 14, arbitrary: apiCase(target, keys) },
    { weight: 2, arbitrary: tokenCase(target) },
    { weight: 3, arbitrary: stray },
  );
}
