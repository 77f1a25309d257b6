import { accountHints, businessHints } from './business-hints.ts';
import { type Hint, type HintInput, hint } from './hint.ts';
import { logoHints } from './logo-hints.ts';
import { productHints } from './price-package-hints.ts';
import { websiteHints } from './website-hints.ts';

/** Returns the hints that need nothing but the input. */
export function hintsOf(input: HintInput): Hint[] {
  return [
    ...businessHints(input),
    ...accountHints(input),
    ...websiteHints(input),
    ...logoHints(input),
    ...purposeHints(input),
    ...productHints(input),
  ];
}

function* purposeHints({ intendedPurpose, merchantCategoryCode }: HintInput): Generator<Hint> {
  if (!intendedPurpose?.trim())
    yield hint(
      'INTENDED_PURPOSE_MISSING',
      'intendedPurpose',
      'Describe in a sentence what the merchant sells. Too little information is a common cause of delay.',
    );
  if (merchantCategoryCode != null && !/^(?!0000)[0-9]{4}$/.test(merchantCategoryCode))
    yield hint(
      'MERCHANT_CATEGORY_CODE_SHAPE',
      'merchantCategoryCode',
      'A merchant category code has four digits, including leading zeros. Unknown codes are ignored.',
    );
}
