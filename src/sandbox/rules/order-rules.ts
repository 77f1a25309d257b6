import { canBeAccount, canBeBusiness } from '../data/check-digits.ts';
import { readPngSize } from '../data/png.ts';
import type { PrefillRequest } from '../data/prefill-request.ts';
import type { Policy } from '../policy/policy.ts';
import type { FieldError } from './field-error.ts';

const namedSchemes = ['business:NO:ORG', 'business:DK:CVR', 'business:FI:Y-tunnus'];
// Source: OpenAPI document 1.1.6.
const STRICT_URL = /^https:\/\/[a-z0-9]+([-.][a-z0-9]+)*\.[a-z]{2,5}(:[0-9]{1,5})?(\/.*)?$/;
// Pixels a side (source: OpenAPI document 2.0.9).
const LEAST_SIDE = 100;
const MOST_SIDE = 1000;

/** Lists what is wrong with a well-formed order under the policies that require more than is published. */
export function checkByPolicy(
  policy: Policy,
  { businessIdentifier, settlementBankAccount, salesUnitLogo, ...rest }: PrefillRequest,
  ownsPackage: (id: string) => boolean,
): FieldError[] {
  const { merchantCategoryCode, website, pricePackageId } = rest;
  const found: FieldError[] = [];
  const refuse = (isWrong: boolean, name: string, reason: string) => {
    if (isWrong) found.push({ name, reason });
  };

  if (policy.orderSchemes === 'named') {
    const isNamed = namedSchemes.includes(businessIdentifier.scheme);
    refuse(!isNamed, 'businessIdentifier.scheme', `must be one of ${namedSchemes.join(', ')}.`);
  }
  if (policy.checkDigits === 'checked') {
    refuse(
      !canBeBusiness(businessIdentifier),
      'businessIdentifier.id',
      'is not a valid business number in its country.',
    );
    const isWrong = settlementBankAccount != null && !canBeAccount(settlementBankAccount);
    refuse(isWrong, 'settlementBankAccount.id', 'is not a valid account number in its country.');
  }
  if (policy.logoCheck === 'png' && salesUnitLogo != null) {
    const reason = `must be a base64 PNG of ${LEAST_SIDE} to ${MOST_SIDE} pixels per side.`;
    refuse(!isLogo(salesUnitLogo), 'salesUnitLogo', reason);
  }
  if (policy.mccCheck === 'ranges' && merchantCategoryCode != null) {
    refuse(!isAssignable(Number(merchantCategoryCode)), 'merchantCategoryCode', 'is not an assigned code.');
  }
  if (policy.urlCheck === 'strict' && website) {
    for (const name of ['url', 'termsUrl', 'testWebsiteUrl'] as const) {
      const url = website[name];
      refuse(
        url != null && !STRICT_URL.test(url),
        `website.${name}`,
        'must be an https URL with a public host.',
      );
    }
  }
  if (policy.pricePackageCheck === 'own' && pricePackageId != null) {
    refuse(!ownsPackage(pricePackageId), 'pricePackageId', 'must be one of the partner’s price packages.');
  }
  return found;
}

function isLogo(base64: string): boolean {
  const size = readPngSize(base64);
  return size !== undefined && Object.values(size).every((side) => side >= LEAST_SIDE && side <= MOST_SIDE);
}

/** Whether a merchant category code can be one. The form's own list is not public; those of the card networks begin with 0742, 0763, 0780, 1520. */
export function isAssignable(code: number): boolean {
  return code >= 742 && (code <= 780 || code >= 1520);
}
