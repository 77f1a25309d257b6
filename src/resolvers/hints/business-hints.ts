import { isPlausibleAccount, isPlausibleBusiness } from './check-digits.ts';
import { type Hint, type HintInput, hint } from './hint.ts';
import { knownSchemes, misspelledScheme } from './known-schemes.ts';
import { marketOf } from './market.ts';

const KNOWN = `Known schemes are ${new Intl.ListFormat('en-GB').format(knownSchemes)}.`;

export function* businessHints({ businessIdentifier }: HintInput): Generator<Hint> {
  const verdict = isPlausibleBusiness(businessIdentifier);
  const meant = misspelledScheme(businessIdentifier.scheme);
  if (verdict === undefined)
    yield hint(
      'BUSINESS_SCHEME_UNKNOWN',
      'businessIdentifier.scheme',
      meant ? `No known register. Did you mean ${meant}?` : KNOWN,
    );
  if (verdict === false)
    yield hint(
      'BUSINESS_ID_CHECK',
      'businessIdentifier.value',
      'The number has the wrong length or check digit for its register.',
    );
}

export function* accountHints({ settlementBankAccount, businessIdentifier }: HintInput): Generator<Hint> {
  if (!settlementBankAccount) return;
  const verdict = isPlausibleAccount(settlementBankAccount);
  if (verdict === undefined)
    yield hint(
      'BANK_ACCOUNT_SCHEME_UNKNOWN',
      'settlementBankAccount.scheme',
      'Known schemes are BBAN:NO, BBAN:DK and BBAN:FI.',
    );
  if (verdict === false)
    yield hint(
      'BANK_ACCOUNT_CHECK',
      'settlementBankAccount.value',
      'The account number has the wrong length or check digit for its country.',
    );
  const country = settlementBankAccount.scheme.split(':')[1];
  const market = marketOf(businessIdentifier.scheme);
  if (verdict !== undefined && market && country !== market)
    yield hint(
      'BANK_ACCOUNT_OTHER_COUNTRY',
      'settlementBankAccount.scheme',
      'The account is in another country than the business. The account must belong to the business.',
    );
}
