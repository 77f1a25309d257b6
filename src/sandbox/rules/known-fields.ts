import type { PrefillRequest } from '../data/prefill-request.ts';

/** Every field of an order, with the names of its parts where it is an object. */
const fields: Readonly<Record<keyof PrefillRequest, readonly string[]>> = {
  businessIdentifier: ['scheme', 'id'],
  productType: [],
  salesUnitName: [],
  salesUnitLogo: [],
  settlementBankAccount: ['scheme', 'id'],
  pricePackageId: [],
  productUseCase: [],
  annualTurnover: [],
  annualTurnoverPercentage: [],
  intendedPurpose: [],
  app: ['appName'],
  website: ['url', 'termsUrl', 'testWebsiteUrl', 'testWebsiteUsername', 'testWebsitePassword'],
  hasRecurring: [],
  merchantCategoryCode: [],
};

/** Returns the order without unknown fields, which the API accepts but never uses, and which can be large. */
export function keepKnownFields(request: PrefillRequest): PrefillRequest {
  const kept = pick(request, Object.keys(fields)).map(([name, value]) => {
    const parts = fields[name as keyof PrefillRequest];
    const isWhole = typeof value !== 'object' || value === null;
    return [name, isWhole ? value : Object.fromEntries(pick(value, parts))];
  });
  return Object.fromEntries(kept) as PrefillRequest;
}

function pick(value: object, names: readonly string[]): [string, unknown][] {
  return names
    .filter((name) => Object.hasOwn(value, name))
    .map((name) => [name, value[name as keyof typeof value]]);
}
