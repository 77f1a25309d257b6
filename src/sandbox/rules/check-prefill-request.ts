import type { ObjectCheck } from './check.ts';
import {
  isAll,
  isBoolean,
  isClosedObject,
  isIntegerWithin,
  isNullOr,
  isObject,
  isOneOf,
  isText,
  isTextLike,
  isTextOf,
  must,
} from './check.ts';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
// Taken as published: `)-_` is a range, so that / : ; , < = > ? @ [ ] ^ and * pass while & ' " ! % # and ~ do not.
const UNIT_NAME = /^[\p{L}\p{M}\d\\()-_+\s.`]+$/u;

const isHttpsUrl = isTextLike(/^https:\/\//u, 'a URL that starts with https://');
const isFourDigits = (value: unknown) => typeof value === 'string' && /^[0-9]{4}$/u.test(value);
const isCode = (value: unknown) => Number.isInteger(value) && Number(value) >= 0 && Number(value) <= 9999;

/**
 * Everything that document 2.0.9 demands of a prefilled order, and nothing more: neither check digits nor the image nor
 * whether the fields go together, since some bad input passes there and ends in an empty form (source: FAQ of the API).
 * complianceData, removed in November 2025 (source: changelog of the API), counts as any unknown property does.
 */
const createCheck = (isObject: ObjectCheck) =>
  isObject(
    {
      businessIdentifier: isObject({
        scheme: isTextOf(10, 30),
        id: isTextLike(/^[\d-]{4,50}$/u, 'a string of 4 to 50 digits and hyphens'),
      }),
      productType: isOneOf(['PAYMENT_INTEGRATION', 'CASHIER', 'CHECKOUT', 'LOGIN', 'DONATIONS']),
    },
    {
      salesUnitName: isNullOr(
        isAll(
          isTextOf(1, 40),
          must('contain only letters, digits, spaces and the published punctuation', (value) =>
            value === '' ? true : UNIT_NAME.test(String(value)),
          ),
        ),
      ),
      salesUnitLogo: isNullOr(isText),
      settlementBankAccount: isNullOr(
        isObject({
          scheme: isTextOf(5, 20),
          id: isTextLike(/^\d{9,34}$/u, 'a string of 9 to 34 digits'),
        }),
      ),
      pricePackageId: isNullOr(isTextLike(UUID, 'a UUID')),
      productUseCase: isNullOr(isOneOf(['Website', 'WebsiteWithTest', 'App', 'Unknown'])),
      annualTurnover: isNullOr(isIntegerWithin(0, 999_999_999)),
      annualTurnoverPercentage: isNullOr(
        isTextLike(/^(10|[1-9])0$/u, 'one of the strings "10", "20" and so on to "100"'),
      ),
      intendedPurpose: isNullOr(isText),
      app: isNullOr(isObject({ appName: isText })),
      website: isNullOr(
        isObject(
          { url: isHttpsUrl, termsUrl: isHttpsUrl },
          {
            testWebsiteUrl: isNullOr(isText),
            testWebsiteUsername: isNullOr(isText),
            testWebsitePassword: isNullOr(isText),
          },
        ),
      ),
      hasRecurring: isNullOr(isBoolean),
      // The document says string, guide and toolkit show the integer 5942.
      merchantCategoryCode: isNullOr(
        must('be four digits, as a string or as an integer', (value) => isFourDigits(value) || isCode(value)),
      ),
    },
  );

/** Any other property passes. */
export const checkPrefillRequest = createCheck(isObject);

/** Any other property is refused. */
export const checkClosedPrefillRequest = createCheck(isClosedObject);
