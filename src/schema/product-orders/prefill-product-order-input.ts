import { builder } from '../builder.ts';
import { BusinessIdentifierInput } from '../business-identifier.ts';
import { ProductType } from '../product-type.ts';

const ProductUseCase = builder.enumType('ProductUseCase', {
  description: 'Where the merchant sells.',
  values: {
    WEBSITE: { value: 'Website', description: 'On a website that is publicly available.' },
    WEBSITE_WITH_TEST: {
      value: 'WebsiteWithTest',
      description: 'On a website that is not publicly available yet. Provide a test website.',
    },
    APP: { value: 'App', description: 'In an app.' },
    UNKNOWN: { value: 'Unknown', description: 'Elsewhere, for example at a point of sale.' },
  } as const,
});

const BankAccountInput = builder.inputType('BankAccountInput', {
  description: 'A bank account in its national format. It must belong to the business.',
  fields: (t) => ({
    scheme: t.string({
      required: true,
      description:
        'Format and country of the account number: `BBAN:NO`, `BBAN:DK` or `BBAN:FI`. 5 to 20 characters. IBAN is not supported.',
    }),
    value: t.string({ required: true, description: 'Account number. 9 to 34 digits without spaces.' }),
  }),
});

const AppInput = builder.inputType('ProductOrderAppInput', {
  description: 'App in which the merchant sells.',
  fields: (t) => ({
    appName: t.string({ required: true, description: 'Name of the app in the app stores.' }),
  }),
});

const WebsiteInput = builder.inputType('ProductOrderWebsiteInput', {
  description: 'Website on which the merchant sells.',
  fields: (t) => ({
    url: t.string({ required: true, description: 'URL of the website. Starts with `https://`.' }),
    termsUrl: t.string({
      required: true,
      description: 'URL of the terms and conditions of sale. Starts with `https://`.',
    }),
    testWebsiteUrl: t.string({
      description: 'URL of a test website for processing the order. Should start with `https://`.',
    }),
    testWebsiteUsername: t.string({ description: 'User name for the test website.' }),
    testWebsitePassword: t.string({
      description: 'Password for the test website. Sent to the Management API, never logged or stored.',
    }),
  }),
});

export const PrefillProductOrderInput = builder.inputType('PrefillProductOrderInput', {
  description:
    'Input of `prefillProductOrder`. Only `businessIdentifier` and `productType` are required. The merchant can change everything except the partner and the price package.',
  fields: (t) => ({
    businessIdentifier: t.field({
      type: BusinessIdentifierInput,
      required: true,
      description: 'Business that the order is for.',
    }),
    productType: t.field({ type: ProductType, required: true, description: 'Product to order.' }),
    salesUnitName: t.string({
      description:
        'Name shown to payers. 1 to 40 letters, digits, spaces and common symbols, but not `&`, `!`, `%`, `#`, `~` or quotes.',
    }),
    salesUnitLogo: t.string({
      description:
        'Logo as a Base64-encoded PNG, square, each side 100 to 1000 pixels. Other images are accepted, but some are not shown; see `hints`.',
    }),
    settlementBankAccount: t.field({ type: BankAccountInput, description: 'Bank account for settlements.' }),
    pricePackageId: t.id({
      description:
        'ID (UUID) of one of `pricePackages`, or its global ID, for the products PAYMENT_INTEGRATION, CASHIER and CHECKOUT. The merchant cannot change it. If omitted, the merchant chooses a price.',
    }),
    productUseCase: t.field({ type: ProductUseCase, description: 'Where the merchant sells.' }),
    annualTurnover: t.int({
      description: 'Yearly turnover in whole units of the local currency. 0 to 999999999.',
    }),
    annualTurnoverPercentage: t.string({
      description:
        'Share of the turnover expected through the product, in percent, as text: "10", "20" and so on up to "100".',
    }),
    intendedPurpose: t.string({
      description: 'What the merchant sells, in a sentence. Too little information delays the order.',
    }),
    app: t.field({ type: AppInput, description: 'App of the merchant, for the use case APP.' }),
    website: t.field({
      type: WebsiteInput,
      description: 'Website of the merchant, for the use cases WEBSITE and WEBSITE_WITH_TEST.',
    }),
    hasRecurring: t.boolean({
      description:
        'Set to true to request recurring payments, which require additional checks. Defaults to false.',
    }),
    merchantCategoryCode: t.id({
      description:
        'Merchant category code (MCC), four digits, as text or a number. Selected in the form if the form has it, otherwise ignored.',
    }),
    idempotencyKey: t.string({
      description:
        'Makes it safe to retry: the same key with the same input never creates a second order. 1 to 50 letters, digits and hyphens, unique to this order; a UUID is recommended. Generated if omitted.',
    }),
    dryRun: t.boolean({
      description:
        'Set to true to check the input and return `userErrors` and `hints` without creating an order.',
    }),
  }),
});
