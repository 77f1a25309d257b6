import { countryOfScheme } from '../../data/merchant.ts';
import type { PrefillRequest } from '../../data/prefill-request.ts';
import { checkPrefillRequest } from '../../rules/check-prefill-request.ts';
import type { FieldError } from '../../rules/field-error.ts';
import type { FormErrors } from '../kit/form-errors.ts';
import type { PriceChoice } from './price-choice.ts';

/** Returns the order as the merchant submitted it: what the partner prefilled, with the merchant's edits. */
export function readSubmittedOrder(
  before: PrefillRequest,
  form: URLSearchParams,
  price: PriceChoice,
): PrefillRequest {
  const text = (name: string) => form.get(name)?.trim() || null;
  const number = (name: string) => {
    const given = text(name);
    // Anything but a number stays text, so that the check reports it.
    return (given !== null && /^\d+$/.test(given) ? Number(given) : given) as number | null;
  };
  const { scheme } = before.settlementBankAccount ?? { scheme: accountScheme(before) };
  const account = text('settlementBankAccount.id')?.replaceAll(/[ .]/g, '');
  const appName = text('app.appName');
  return {
    ...before,
    salesUnitName: text('salesUnitName'),
    settlementBankAccount: account ? { scheme, id: account } : null,
    productUseCase: text('productUseCase'),
    annualTurnover: number('annualTurnover'),
    annualTurnoverPercentage: text('annualTurnoverPercentage'),
    intendedPurpose: text('intendedPurpose'),
    app: appName ? { appName } : null,
    website: readWebsite(before, text),
    hasRecurring: form.has('hasRecurring'),
    merchantCategoryCode: text('merchantCategoryCode'),
    pricePackageId: price.kind === 'settled' ? price.id : text('pricePackageId'),
  };
}

function readWebsite(
  before: PrefillRequest,
  text: (name: string) => string | null,
): NonNullable<PrefillRequest['website']> | null {
  const website = {
    url: text('website.url') ?? '',
    termsUrl: text('website.termsUrl') ?? '',
    testWebsiteUrl: text('website.testWebsiteUrl'),
    testWebsiteUsername: text('website.testWebsiteUsername'),
    testWebsitePassword: text('website.testWebsitePassword'),
  };
  if (!Object.values(website).some(Boolean)) return null;
  // The form never shows the password, so an empty field means that it stays, as long as there is a website.
  website.testWebsitePassword ??= before.website?.testWebsitePassword ?? null;
  return website;
}

/** Returns the errors that keep an order from being accepted. */
export function checkSubmittedOrder(draft: PrefillRequest, price: PriceChoice): FormErrors {
  const needed = missing(draft, price);
  const found = checkPrefillRequest(draft, '').filter(({ name }) => !needed.has(name));
  return new Map([...needed, ...found.map(({ name, reason }) => [name, sentence(reason)] as const)]);
}

// Which fields the real form insists on is not published, except for the website (source: the API's guide). These are
// the ones without which no unit could be opened and no money paid out.
function missing(draft: PrefillRequest, price: PriceChoice): Map<string, string> {
  const { productType, productUseCase, website, settlementBankAccount, app } = draft;
  const found = new Map<string, string>();
  const need = (name: string, value: unknown, message: string) => {
    if (!value) found.set(name, message);
  };
  need('salesUnitName', draft.salesUnitName, 'Enter the name of the sales unit.');
  const hasSite = productUseCase === 'Website' || productUseCase === 'WebsiteWithTest';
  if (website || hasSite || (productType === 'PAYMENT_INTEGRATION' && !productUseCase)) {
    need('website.url', website?.url, 'Enter the address of the website.');
    need('website.termsUrl', website?.termsUrl, 'Enter the address of the terms of sale.');
  }
  if (productUseCase === 'WebsiteWithTest') {
    need('website.testWebsiteUrl', website?.testWebsiteUrl, 'Enter the address of the test site.');
  }
  if (productUseCase === 'App') need('app.appName', app?.appName, 'Enter the name of the app.');
  if (productType !== 'LOGIN') {
    need('settlementBankAccount.id', settlementBankAccount?.id, 'Enter the settlement account.');
  }
  if (price.kind === 'open') {
    const isChoice = price.choices.some(({ pricePackageId }) => pricePackageId === draft.pricePackageId);
    need('pricePackageId', isChoice, 'Choose a price.');
  }
  return found;
}

function sentence(reason: FieldError['reason']): string {
  return `${reason.charAt(0).toUpperCase()}${reason.slice(1)}`;
}

/** Accounts are named by country, as businesses are (source: OpenAPI document 2.0.9). */
export function accountScheme({ businessIdentifier }: PrefillRequest): string {
  return `BBAN:${countryOfScheme(businessIdentifier.scheme).code}`;
}
