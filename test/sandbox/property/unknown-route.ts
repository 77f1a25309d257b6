import fc from 'fast-check';
import type { SandboxData } from '../../../src/sandbox/sandbox-data.ts';

const UUID = '00000000-0000-4000-8000-000000000000';

// Some are in guide texts, left over from an older API.
const wrongPaths = [
  '/',
  '//',
  '/management',
  '/management/v1',
  '/management/v1/products/orders',
  '/management/v1/products-orders',
  '/partner-api/v1/products/orders',
  '/management/v1/merchants',
  '/management/v1/merchants/',
  '/management/v1/sales-units/',
  '/management/v1//sales-units',
  '//management/v1/sales-units',
  '/management/v1/sales-units//',
  '/management/v1/./sales-units',
  '/management/v1/x/../sales-units',
  '/Management/v1/sales-units',
  '/management/v1/Sales-Units',
  '/management%2Fv1/sales-units',
  '/management/v1/sales-units;a=b',
  '/management/v1/sales-units%20',
  '/management/v2/sales-units',
  '/management/v1/merchants/x//y',
  '/management/v2/product-orders/',
  '/management/v2/product-orders//details',
  '/management/v1/partners/x/price-packages',
  '/ACCESSTOKEN/GET',
  '/accesstoken',
  '/accesstoken/get/',
  '/miami/v1/token/',
  '/miami/v2/token',
  '/authentication/v1/token',
  '/%',
  '/%zz',
  '/%2e%2e/%2e%2e/etc/passwd',
  '/../../etc/passwd',
  '/%C3%BF',
  '/favicon.ico',
  `/${'a/'.repeat(3000)}`,
  `/${'x'.repeat(8000)}`,
];
const methods = [
  'GET',
  'POST',
  'PUT',
  'PATCH',
  'DELETE',
  'HEAD',
  'OPTIONS',
  'TRACE',
  'PROPFIND',
  'LOCK',
  'M-SEARCH',
  'PURGE',
];

/** A request to no route: a wrong path with any method, or a right path with a wrong method. */
export function unknownRoute(data: SandboxData): fc.Arbitrary<{ method: string; path: string }> {
  const unit = `/management/v1/sales-units/${data.msns[0]}`;
  const wrongMethods: [string, string[]][] = [
    ['/management/v1/sales-units', ['GET']],
    [unit, ['GET']],
    ['/management/v2/product-orders', ['GET']],
    // The contract has the retired reads of these two as well; what they answer today is not documented.
    ['/management/v1/product-orders', ['GET', 'POST']],
    [`/management/v1/product-orders/${UUID}`, ['DELETE']],
    ['/management/v1/partners/price-packages', ['GET']],
    ['/accesstoken/get', ['POST']],
    ['/miami/v1/token', ['POST']],
  ];
  const wrong = wrongMethods.flatMap(([path, right]) =>
    methods.filter((method) => !right.includes(method)).map((method) => ({ method, path })),
  );
  return fc.oneof(
    fc.constantFrom(...wrong),
    fc.record({ method: fc.constantFrom(...methods), path: fc.constantFrom(...wrongPaths) }),
    fc.record({
      method: fc.constantFrom(...methods),
      path: fc.stringMatching(/^[!-~]{0,60}$/).map((rest) => `/management/v3/${rest}`),
    }),
  );
}
