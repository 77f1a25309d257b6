import fc from 'fast-check';
import type { SandboxData } from '../../../src/sandbox/sandbox-data.ts';
import type { CallerName } from './tokens.ts';
import { isPartner, sees, seesMerchant } from './visibility.ts';

/** Where a request goes, and what is wrong with that for a caller who is let in. */
export interface Part {
  readonly method: string;
  readonly path: string;
  /** A path that the contract takes for the same route: only the answer is held against it. */
  readonly route: { readonly method: string; readonly path: string };
  readonly body?: string | Buffer;
  readonly idempotencyKey?: string | undefined;
  /** The status of each mistake; several mistakes leave the choice to the sandbox. */
  mistakes(caller: CallerName): readonly number[];
  readonly success: number;
}

const UUID = '00000000-0000-4000-8000-000000000000';
// The same text for anybody who decodes it, and other bytes on the wire.
const encode = (text: string) =>
  text.replaceAll(/./gs, (sign) => `%${sign.charCodeAt(0).toString(16).padStart(2, '0')}`);
const asSent = (text: string) => fc.constantFrom(text, text, encode(text), encodeURIComponent(text));
const brokenEncoding = ['%', '%z', '%zz', '%C3%28', '%ff', '%E0%A4%A'];
const query = fc.oneof(
  { weight: 4, arbitrary: fc.constant('') },
  fc.constantFrom('?', '??', '?page=2', '?%zz', '?a=b&a=c', '?__proto__=1', `?${'x'.repeat(4000)}`),
  fc.stringMatching(/^\?[!-~]{0,60}$/),
);
const none = () => [];

function unitPart(data: SandboxData): fc.Arbitrary<Part> {
  const { inactiveMsn, msnOfOtherPartner, msnOfDeactivatedMerchant } = data.hidden;
  const pool = fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(...data.msns) },
    fc.constantFrom(inactiveMsn, msnOfOtherPartner, msnOfDeactivatedMerchant, '0000', '9999999999'),
  );
  const shape = (path: string, mistakes: Part['mistakes']): Part => ({
    method: 'GET',
    path: `/management/v1/sales-units/${path}`,
    route: { method: 'GET', path: '/management/v1/sales-units/12345' },
    mistakes,
    success: 200,
  });
  const known = pool.chain((msn) =>
    asSent(msn).map((sent) => shape(sent, (caller) => (sees(data, caller, msn) ? [] : [404]))),
  );
  const bad = fc
    .oneof(
      fc.constantFrom(
        '123',
        '12345678901',
        'abcde',
        '-1234',
        '12.45',
        '..',
        '.',
        '%2e%2e',
        '12%2045',
        '%00',
        '1'.repeat(6000),
        '%D9%A1%D9%A2%D9%A3%D9%A4',
        '%C3%A6%C3%B8',
        ...brokenEncoding,
      ),
      fc.stringMatching(/^[!"$-.:->@-~]{1,30}$/),
    )
    .map((msn) => shape(msn, () => [400]));
  return fc.oneof({ weight: 4, arbitrary: known }, bad);
}

function merchantPart(data: SandboxData): fc.Arbitrary<Part> {
  const { deactivatedMerchant, merchantOfOtherPartner, merchantWithoutActiveUnit } = data.hidden;
  const pool = fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(...data.merchants) },
    fc.constantFrom(
      data.ownMerchant,
      deactivatedMerchant,
      merchantOfOtherPartner,
      merchantWithoutActiveUnit,
      { scheme: 'business:SE:ORG', id: '5560360793' },
      // No limits are published for these in a path, so they are unknown and not wrong.
      { scheme: 'x', id: 'y' },
      { scheme: '..', id: '..' },
      { scheme: '__proto__', id: 'constructor' },
      { scheme: 'ø'.repeat(300), id: ' ' },
    ),
  );
  const shape = (path: string, ending: string, mistakes: Part['mistakes']): Part => ({
    method: 'GET',
    path: `/management/v1/merchants/${path}${ending}`,
    route: { method: 'GET', path: `/management/v1/merchants/business:NO:ORG/123456785${ending}` },
    mistakes,
    success: 200,
  });
  const ending = fc.constantFrom('', '/sales-units');
  const known = fc.tuple(pool, ending).chain(([{ scheme, id }, last]) =>
    fc.boolean().map((isEncoded) => {
      const sent =
        isEncoded && /^[ -~]*$/.test(scheme)
          ? [scheme, id].map(encode)
          : [scheme, id].map(encodeURIComponent);
      return shape(sent.join('/'), last, (caller) =>
        seesMerchant(data, caller, { scheme, id }) ? [] : [404],
      );
    }),
  );
  const bad = fc
    .tuple(fc.constantFrom(...brokenEncoding), ending)
    .map(([broken, last]) => shape(`business:NO:ORG/${broken}`, last, () => [400]));
  return fc.oneof({ weight: 5, arbitrary: known }, bad);
}

function orderPart(data: SandboxData): fc.Arbitrary<Part> {
  const own = data.orders.flatMap(({ id, type, status }) => (id === undefined ? [] : [{ id, type, status }]));
  // What may be deleted is for the model with a memory.
  const kept = own.filter(
    ({ type, status }) => type !== 'PREFILL' || !['RECEIVED', 'MERCHANT_VIEWED', 'EXPIRED'].includes(status),
  );
  const foreign = data.hidden.orderIdOfOtherPartner;
  const bad = fc.constantFrom(
    'x',
    '..',
    UUID.slice(1),
    `${UUID}0`,
    UUID.replaceAll('-', ''),
    '%00',
    ...brokenEncoding,
  );
  const seen = (caller: CallerName, id: string) =>
    isPartner(caller) ? own.some((order) => order.id === id) : caller === 'otherPartner' && id === foreign;

  const details = (id: string, mistakes: Part['mistakes']): Part => ({
    method: 'GET',
    path: `/management/v2/product-orders/${id}/details`,
    route: { method: 'GET', path: `/management/v2/product-orders/${UUID}/details` },
    mistakes,
    success: 200,
  });
  const remove = (id: string, mistakes: Part['mistakes']): Part => ({
    method: 'DELETE',
    path: `/management/v1/product-orders/${id}`,
    route: { method: 'DELETE', path: `/management/v1/product-orders/${UUID}` },
    mistakes,
    success: 200,
  });
  const ids = fc.constantFrom(...own.map(({ id }) => id), foreign, UUID);
  const keptIds = fc.constantFrom(...kept.map(({ id }) => id), UUID);
  return fc.oneof(
    {
      weight: 4,
      arbitrary: ids.chain((id) =>
        fc
          .constantFrom(id, id.toUpperCase(), encode(id))
          .map((sent) => details(sent, (caller) => (seen(caller, id) ? [] : [404]))),
      ),
    },
    { weight: 2, arbitrary: keptIds.map((id) => remove(id, (caller) => (seen(caller, id) ? [400] : [404]))) },
    bad.map((id) => details(id, () => [400])),
    bad.map((id) => remove(id, () => [400])),
  );
}

function listPart(): fc.Arbitrary<Part> {
  const list = (path: string, search: string, mistakes: Part['mistakes'] = none): Part => ({
    method: 'GET',
    path: `${path}${search}`,
    route: { method: 'GET', path },
    mistakes,
    success: 200,
  });
  const orders = '/management/v2/product-orders';
  return fc.oneof(
    query.map((search) => list('/management/v1/sales-units', search)),
    query.map((search) =>
      list('/management/v1/partners/price-packages', search, (caller) =>
        caller === 'merchant' ? [403] : [],
      ),
    ),
    fc
      .constantFrom('', '?includeExpired=true', '?includeExpired=false', '?page=2', '?%zz', '?=')
      .map((search) => list(orders, search)),
    fc
      .constantFrom('', '1', 'TRUE', 'yes', 'null', '%zz', 'true%00', ' true')
      .map((value) => list(orders, `?includeExpired=${encodeURI(value)}`, () => [400])),
  );
}

/** Any route but the one that makes orders. */
export function routeParts(data: SandboxData): fc.Arbitrary<Part> {
  return fc.oneof(
    { weight: 3, arbitrary: unitPart(data) },
    { weight: 3, arbitrary: merchantPart(data) },
    { weight: 3, arbitrary: orderPart(data) },
    { weight: 2, arbitrary: listPart() },
  );
}
