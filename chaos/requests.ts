import type { RowContext } from './row.ts';

export const LIST = 'GET /management/v1/sales-units';
export const UNIT = 'GET /management/v1/sales-units/{msn}';
export const ORDER = 'POST /management/v1/product-orders';
export const TOKEN = 'POST /accesstoken/get';

/** A page as an admin front end shows it: two lists and a lookup for each unit and each merchant. */
export const ADMIN_PAGE =
  '{ salesUnits(first: 100) { nodes { msn name configuration { captureType } merchant { name } } } }';

/** One call. */
export const COUNT = '{ salesUnits { totalCount } }';

/** Makes one order with a key of the gateway's own. */
export const orderOf = (name: string) => `mutation { prefillProductOrder(input: {
  businessIdentifier: { scheme: "business:NO:ORG", value: "123456785" }
  productType: PAYMENT_INTEGRATION
  salesUnitName: "${name}"
  productUseCase: WEBSITE
  website: { url: "https://example.com", termsUrl: "https://example.com/terms" }
  settlementBankAccount: { scheme: "BBAN:NO", value: "86011117947" }
}) { prefillUrl userErrors { message } } }`;

/** The usual control: one request without the fault has no error. */
export const countIsThere = async ({ world }: RowContext) => (await world.ask(COUNT)).codes.length === 0;
