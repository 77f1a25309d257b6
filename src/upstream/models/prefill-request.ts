import { z } from 'zod';
import { isUuid } from './identifiers.ts';
import { productTypes } from './product-order.ts';

/** Which kind of rule an input violates; each issue has it in `params.code`. */
export type RuleCode = 'TOO_SHORT' | 'TOO_LONG' | 'INVALID_FORMAT' | 'OUT_OF_RANGE';

const productUseCases = ['Website', 'WebsiteWithTest', 'App', 'Unknown'] as const;

// As published: `)-_` is a range, so that / : ; , < = > ? @ [ ] ^ and * are valid while & ' " ! % # and ~ are not.
const UNIT_NAME = /^[\p{L}\p{M}\d\\()-_+\s.`]+$/u;
const MOST_TURNOVER = 999_999_999;

const rule = (code: RuleCode, error: string) => ({ error, params: { code } });

// JSON Schema counts characters, but `length` counts UTF-16 units, of which some characters take two. Counts the
// characters of a short text only: more than twice as many units are too many in any case.
const hasAtMost = (value: string, most: number) => value.length <= 2 * most && [...value].length <= most;

const text = (least: number, most: number) =>
  z
    .string()
    .refine(
      (value) => !hasAtMost(value, least - 1),
      rule('TOO_SHORT', least === 1 ? 'must not be empty' : `must have ${least} characters or more`),
    )
    .refine((value) => hasAtMost(value, most), rule('TOO_LONG', `must have ${most} characters or fewer`));

const like = (pattern: RegExp, expected: string) =>
  z.string().refine((value) => pattern.test(value), rule('INVALID_FORMAT', `must be ${expected}`));

/** The contract's pattern has the scheme in lower case, which in a URL has no case. */
const httpsUrl = () =>
  z
    .string()
    .transform((text) => text.replace(/^https:/i, 'https:'))
    .refine(
      (text) => text.startsWith('https://') && !/\s/.test(text) && URL.canParse(text),
      rule('INVALID_FORMAT', 'must be a URL that starts with https://'),
    );

/**
 * The body of a prefill with every rule of document 2.0.9 and no other, so that nothing that the upstream accepts is
 * refused. The document has no rules for check digits, images or combinations of fields.
 */
export const PrefillRequest = z.object({
  businessIdentifier: z.object({
    scheme: text(10, 30),
    value: like(/^[\d-]{4,50}$/u, '4 to 50 digits and hyphens'),
  }),
  productType: z.enum(productTypes),
  salesUnitName: text(1, 40)
    .refine(
      (value) => value === '' || UNIT_NAME.test(value),
      rule(
        'INVALID_FORMAT',
        'must have only letters, digits, spaces and ( ) + , - . / : ; < = > ? @ [ ] ^ _ * ` \\',
      ),
    )
    .nullish(),
  salesUnitLogo: z.string().nullish(),
  settlementBankAccount: z
    .object({ scheme: text(5, 20), value: like(/^\d{9,34}$/u, '9 to 34 digits') })
    .nullish(),
  pricePackageId: z.string().refine(isUuid, rule('INVALID_FORMAT', 'must be a UUID')).nullish(),
  productUseCase: z.enum(productUseCases).nullish(),
  annualTurnover: z
    .int()
    .refine(
      (value) => value >= 0 && value <= MOST_TURNOVER,
      rule('OUT_OF_RANGE', `must be a whole number from 0 to ${MOST_TURNOVER}`),
    )
    .nullish(),
  annualTurnoverPercentage: like(
    /^(10|[1-9])0$/u,
    'one of the texts "10", "20" and so on to "100"',
  ).nullish(),
  intendedPurpose: z.string().nullish(),
  app: z.object({ appName: z.string() }).nullish(),
  website: z
    .object({
      url: httpsUrl(),
      termsUrl: httpsUrl(),
      testWebsiteUrl: z.string().nullish(),
      testWebsiteUsername: z.string().nullish(),
      testWebsitePassword: z.string().nullish(),
    })
    .nullish(),
  hasRecurring: z.boolean().nullish(),
  // The contract also allows a number, which has lost its leading zeros.
  merchantCategoryCode: like(/^[0-9]{1,4}$/u, 'four digits')
    .transform((code) => code.padStart(4, '0'))
    .nullish(),
});

export type PrefillRequest = z.infer<typeof PrefillRequest>;

/** Numbers of a scheme: the upstream calls the value `id`. */
const numbers = ['businessIdentifier', 'settlementBankAccount'] as const;

/** Returns the request as the upstream reads it. */
export function prefillBody(request: PrefillRequest): object {
  // `false` is the default of the contract, so leaving it out is the same input.
  const body: Record<string, unknown> = { ...request, hasRecurring: request.hasRecurring || undefined };
  for (const name of numbers) {
    const { scheme, value } = request[name] ?? {};
    if (scheme !== undefined) body[name] = { scheme, id: value };
  }
  return body;
}

/** Returns the upstream's name of a field. */
export const bodyPath = (field: readonly string[]): readonly string[] =>
  field.length === 2 && field[1] === 'value' ? [field[0] ?? '', 'id'] : field;

/** The path of every field, including those of nested objects. */
export const prefillFields: readonly (readonly string[])[] = fieldsOf(PrefillRequest, []);

function fieldsOf(shape: unknown, path: readonly string[]): (readonly string[])[] {
  const inner = shape instanceof z.ZodOptional || shape instanceof z.ZodNullable ? shape.unwrap() : shape;
  if (inner !== shape) return fieldsOf(inner, path);
  const below = inner instanceof z.ZodObject ? Object.entries(inner.shape) : [];
  return [
    ...(path.length > 0 ? [path] : []),
    ...below.flatMap(([name, part]) => fieldsOf(part, [...path, name])),
  ];
}
