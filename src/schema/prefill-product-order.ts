import {
  hintsOfPrefill,
  linkExpiry,
  orderOfPrefill,
  type PrefillResult,
  prefillProductOrder,
  urlOfPrefill,
} from '../resolvers/prefill-product-order.ts';
import type { UserError } from '../resolvers/user-error.ts';
import { builder } from './builder.ts';
import { BusinessIdentifierInput } from './business-identifier.ts';
import { costs } from './cost.ts';
import { HintRef } from './hint.ts';
import { ProductOrderRef } from './product-order.ts';
import { ProductType } from './product-type.ts';
import { reportFailure } from './report-failure.ts';
import { UserErrorRef } from './user-error.ts';

const MOST_INPUTS = 50;
/** An input has fewer fields than this, and no rule says more than one thing of a field. */
const MOST_FINDINGS = 30;

const ProductUseCase = builder.enumType('ProductUseCase', {
  description: 'Where the merchant sells.',
  values: {
    WEBSITE: { value: 'Website', description: 'On a web site that is open to everybody.' },
    WEBSITE_WITH_TEST: {
      value: 'WebsiteWithTest',
      description: 'On a web site that is not open yet; give a test site to look at.',
    },
    APP: { value: 'App', description: 'In an app.' },
    UNKNOWN: { value: 'Unknown', description: 'Somewhere else; also for points of sale.' },
  } as const,
});

const BankAccountInput = builder.inputType('BankAccountInput', {
  description: 'A bank account in the form of its country. It must belong to the business.',
  fields: (t) => ({
    scheme: t.string({
      required: true,
      description: 'Country of the account, 5 to 20 characters: `BBAN:NO`, `BBAN:DK` or `BBAN:FI`. No IBAN.',
    }),
    id: t.string({ required: true, description: 'The account number, 9 to 34 digits without spaces.' }),
  }),
});

const AppInput = builder.inputType('ProductOrderAppInput', {
  description: 'The app in which the merchant sells.',
  fields: (t) => ({
    appName: t.string({ required: true, description: 'Name of the app in the app stores.' }),
  }),
});

const WebsiteInput = builder.inputType('ProductOrderWebsiteInput', {
  description: 'The web site on which the merchant sells.',
  fields: (t) => ({
    url: t.string({ required: true, description: 'The site, `https://…`.' }),
    termsUrl: t.string({ required: true, description: 'Its terms and conditions of sale, `https://…`.' }),
    testWebsiteUrl: t.string({ description: 'A test site for those who process the order, `https://…`.' }),
    testWebsiteUsername: t.string({ description: 'User name for the test site.' }),
    testWebsitePassword: t.string({
      description: 'Password for the test site. Sent on, never logged or kept.',
    }),
  }),
});

const PrefillProductOrderInput = builder.inputType('PrefillProductOrderInput', {
  description:
    'A product order as the merchant will find it. Only `businessIdentifier` and `productType` are required; the merchant can change all but the partner and the price package.',
  fields: (t) => ({
    businessIdentifier: t.field({
      type: BusinessIdentifierInput,
      required: true,
      description: 'The business that orders.',
    }),
    productType: t.field({ type: ProductType, required: true, description: 'The product to order.' }),
    salesUnitName: t.string({
      description:
        'Name that payers will see, 1 to 40 letters, digits, spaces and some signs; `&`, `!`, `%`, `#`, `~` and quotes are not among them.',
    }),
    salesUnitLogo: t.string({
      description:
        'Logo as PNG in base64, square, 100 to 1000 pixels. One that is not is accepted and not shown.',
    }),
    settlementBankAccount: t.field({ type: BankAccountInput, description: 'Where the money is paid out.' }),
    pricePackageId: t.id({
      description:
        'One of `pricePackages`; only for PAYMENT_INTEGRATION, CASHIER and CHECKOUT. The merchant cannot change it, and chooses a price without it.',
    }),
    productUseCase: t.field({ type: ProductUseCase, description: 'Where the merchant sells.' }),
    annualTurnover: t.int({
      description: 'Turnover of a year in the local currency, 0 to 999999999, without decimals.',
    }),
    annualTurnoverPercentage: t.string({
      description:
        'How much of it is expected through the product, as a text: "10", "20" and so on to "100".',
    }),
    intendedPurpose: t.string({ description: 'What is sold, in a sentence. Too little causes delay.' }),
    app: t.field({ type: AppInput, description: 'For the use case APP.' }),
    website: t.field({ type: WebsiteInput, description: 'For the use cases WEBSITE and WEBSITE_WITH_TEST.' }),
    hasRecurring: t.boolean({
      description: 'Whether the merchant asks for recurring payments, which adds checks. False if left out.',
    }),
    merchantCategoryCode: t.id({
      description:
        'Four digits (MCC), as a text or a number. Selected in the form if it is one of its codes, else ignored.',
    }),
    idempotencyKey: t.string({
      description:
        'Makes repeating harmless: the same key with the same input is the same order. 1 to 50 letters, digits and hyphens, never used for anything else; a UUID is good. Made by the gateway if left out.',
    }),
    dryRun: t.boolean({
      description: 'True checks the input and gives `userErrors` and `hints` without ordering anything.',
    }),
  }),
});

interface PrefillPayload extends PrefillResult {
  readonly path: readonly string[];
}

// Where nothing was ordered the field only tells why, and that must not be lost.
const toReadOrder = ({ failure }: PrefillPayload) => failure !== undefined || READ;
const READ = { read: true } as const;

const PrefillProductOrderPayload = builder.objectRef<PrefillPayload>('PrefillProductOrderPayload').implement({
  description: 'What came of one prefilled order.',
  fields: (t) => ({
    productOrder: t.field({
      type: ProductOrderRef,
      nullable: true,
      description:
        'The order. Null if none was made; then `userErrors` or an error of the answer says why. After a repeat with the same key it is read anew: null with the error `NOT_FOUND` if it is gone, with the status UNKNOWN if it could not be read. Needs the scope `read` as well.',
      authScopes: toReadOrder,
      extensions: costs({ calls: 1, lists: ['productOrders with expired'], complete: true }),
      resolve: (payload, _args, context) => orderOfPrefill(payload, context),
    }),
    prefillUrl: t.string({
      nullable: true,
      description: 'The link for the merchant: the order is finished and submitted there.',
      resolve: urlOfPrefill,
    }),
    expiresAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When the link stops working: 14 days after the key was first used.',
      resolve: ({ prefilled }) => (prefilled ? linkExpiry(prefilled.madeAt) : null),
    }),
    idempotencyKey: t.exposeString('idempotencyKey', {
      nullable: true,
      description:
        'The key of this order: yours, or the one that was made. Keep it until you know the outcome. Null if yours is not a key.',
    }),
    replayed: t.boolean({
      description: 'True if the key had been used before, so that this is what came of it then.',
      resolve: ({ prefilled }) => prefilled?.replayed ?? false,
    }),
    hints: t.field({
      type: [HintRef],
      description:
        'What is legal and known to cause delay. One upstream call if the input names a price package and the packages are not known.',
      extensions: costs({ lists: ['pricePackages'], rows: MOST_FINDINGS }),
      resolve: (payload, _args, context) => hintsOfPrefill(payload, payload.path, context),
    }),
    userErrors: t.expose('userErrors', {
      type: [UserErrorRef],
      extensions: costs({ rows: MOST_FINDINGS }),
      description: 'Everything in the input that must be mended. Nothing was ordered unless it is empty.',
    }),
  }),
});

const PrefillProductOrdersPayload = builder
  .objectRef<{ results: PrefillPayload[]; userErrors: UserError[] }>('PrefillProductOrdersPayload')
  .implement({
    description: 'What came of several prefilled orders.',
    fields: (t) => ({
      results: t.expose('results', {
        type: [PrefillProductOrderPayload],
        extensions: costs({ rows: 'inherited' }),
        description: 'One result per input, in the order of the inputs; none if there were too many.',
      }),
      userErrors: t.expose('userErrors', {
        type: [UserErrorRef],
        extensions: costs({ rows: 1 }),
        description:
          'What must be mended in the inputs as a whole. What is wrong with one of them stands in its result.',
      }),
    }),
  });

builder.mutationFields((t) => ({
  prefillProductOrder: t.field({
    type: PrefillProductOrderPayload,
    description:
      'Orders a product for a merchant, who finishes the order behind a link within 14 days. Happens once per `idempotencyKey`, however often it is sent. Needs the scope `product-orders:write`, a dry run too. One upstream call; none if the input must be mended.',
    args: {
      input: t.arg({ type: PrefillProductOrderInput, required: true, description: 'The order.' }),
    },
    extensions: costs({ calls: 1 }),
    async resolve(_root, { input }, context, info) {
      const path = ['input'];
      const result = await prefillProductOrder(input, path, context);
      reportFailure(result.failure, 'productOrder', info, context);
      return { ...result, path };
    },
  }),
  prefillProductOrders: t.field({
    type: PrefillProductOrdersPayload,
    description: `Orders products for up to ${MOST_INPUTS} merchants. Each order stands on its own: one that fails stops no other. Needs the scope \`product-orders:write\`, a dry run too. One upstream call per order.`,
    args: {
      inputs: t.arg({
        type: [PrefillProductOrderInput],
        required: true,
        description: `The orders, ${MOST_INPUTS} at most.`,
      }),
    },
    extensions: costs({ calls: 1, rows: 'inputs' }),
    async resolve(_root, { inputs }, context, info) {
      // An error thrown here would take the answers of the operation's other fields away.
      if (inputs.length > MOST_INPUTS)
        return {
          results: [],
          userErrors: [
            { code: 'TOO_MANY' as const, message: `must be ${MOST_INPUTS} at most`, field: ['inputs'] },
          ],
        };
      const results = await Promise.all(
        inputs.map(async (input, index) => {
          const path = ['inputs', String(index)];
          const result = await prefillProductOrder(input, path, context);
          reportFailure(result.failure, 'productOrder', info, context, ['results', index]);
          return { ...result, path };
        }),
      );
      return { results, userErrors: [] };
    },
  }),
}));
