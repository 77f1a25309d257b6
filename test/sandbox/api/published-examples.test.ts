import { fileURLToPath } from 'node:url';
import { OpenAPIBackend } from 'openapi-backend';
import { expect, it } from 'vitest';
import type { Exchange } from '../../../src/sandbox/http/exchange.ts';
import { startSandbox } from '../../../src/sandbox/server.ts';
import { createContractCheck } from '../../support/contract.ts';
import { signIn } from '../client.ts';
import { details, listed, order } from '../ordering.ts';

const contractFile = fileURLToPath(new URL('../../../contract/management-api.openapi.yaml', import.meta.url));

interface Contract {
  paths: Record<
    string,
    {
      post?: {
        requestBody: {
          content: Record<string, { schema: Schema; examples: Record<string, { value: unknown }> }>;
        };
      };
    }
  >;
}
interface Schema {
  type?: string;
  example?: unknown;
  properties?: Record<string, Schema>;
  required?: string[];
  oneOf?: Schema[];
  enum?: unknown[];
}

async function readContract(): Promise<[string, unknown][]> {
  const backend = new OpenAPIBackend({ definition: contractFile, validate: false });
  await backend.init();
  const { paths } = backend.definition as unknown as Contract;
  const media = paths['/management/v1/product-orders']?.post?.requestBody.content['application/json'];
  if (!media) throw new Error('The contract has no body for orders.');
  const named = Object.entries(media.examples).map(([name, { value }]): [string, unknown] => [name, value]);
  return [...named, ['the examples of its fields', exampleOf(media.schema)]];
}

/** What the field examples of a schema make together; a field that has none is left out. */
function exampleOf({ example, properties, required = [], enum: choices, oneOf }: Schema): unknown {
  if (example !== undefined) return example;
  if (choices) return choices[0];
  if (oneOf) return oneOf.map(exampleOf).find((value) => value !== undefined);
  if (!properties) return undefined;
  const entries = Object.entries(properties).map(([name, schema]) => [name, exampleOf(schema)] as const);
  const known = entries.filter(([, value]) => value !== undefined);
  const isWhole = required.every((name) => known.some(([key]) => key === name));
  return isWhole && known.length > 0 ? Object.fromEntries(known) : undefined;
}

const common = {
  // Ten digits, where an organization number has nine (source: examples of guide and document 2.0.9).
  businessIdentifier: { scheme: 'business:NO:ORG', id: '9876543221' },
  productType: 'PAYMENT_INTEGRATION',
};

/** Facts of examples that were published elsewhere, each of which breaks some rule of its own page. */
const published: [string, object, string][] = [
  ['an organization number of ten digits', common, 'guide and document 2.0.9'],
  ['a logo that is text and no PNG', { ...common, salesUnitLogo: 'VGhlIGltYWdlIGdvZXMgaGVyZQ==' }, 'guide'],
  ['an MCC that is an integer', { ...common, merchantCategoryCode: 5942 }, 'guide and agent toolkit'],
  ['an MCC that is a string', { ...common, merchantCategoryCode: '5942' }, 'type in document 2.0.9'],
  [
    'a test URL that ends with a space',
    {
      ...common,
      productUseCase: 'WebsiteWithTest',
      website: {
        url: 'https://example.com',
        termsUrl: 'https://example.com/terms-and-conditions',
        testWebsiteUrl: 'https://example.com/test ',
        testWebsiteUsername: 'test-user',
        testWebsitePassword: 'test-password',
      },
    },
    'guide and document 2.0.9',
  ],
  [
    'compliance data, which later documents do not have',
    {
      ...common,
      complianceData: {
        giftCard: { isSalesPercentageLessThanTen: false, validityDuration: '3 years' },
        membership: {
          turnoverShare: 'about 25%',
          membershipValidity: 'CurrentCalendarYear',
          periodDistribution: '50% yearly',
        },
        donation: { acceptsDonation: false },
      },
    },
    'guide and OpenAPI document 1.1.6',
  ],
  [
    'all of it together',
    {
      ...common,
      salesUnitName: 'ACME Fantastic Fitness',
      salesUnitLogo: 'VGhlIGltYWdlIGdvZXMgaGVyZQ==',
      settlementBankAccount: { scheme: 'BBAN:NO', id: '86011117947' },
      pricePackageId: '8a11afb7-c223-48ed-8ca6-4722b97261aa',
      productUseCase: 'WebsiteWithTest',
      annualTurnover: 100_000,
      website: {
        url: 'https://example.com',
        termsUrl: 'https://example.com/t',
        testWebsiteUrl: 'https://example.com/test ',
      },
      merchantCategoryCode: 5942,
    },
    'guide',
  ],
];

it('takes every published example of an order and shows the order afterwards', async () => {
  const check = await createContractCheck();
  const exchanges: Exchange[] = [];
  await using sandbox = await startSandbox({
    latencyMs: 0,
    onExchange: (exchange) => exchanges.push(exchange),
  });
  const headers = await signIn(sandbox);
  const ofContract = await readContract();
  expect(ofContract.length).toBeGreaterThanOrEqual(3);
  expect(Object.keys(ofContract.at(-1)?.[1] as object).length).toBeGreaterThan(5);

  const examples = [...ofContract, ...published.map(([name, body]): [string, unknown] => [name, body])];
  for (const [name, body] of examples) {
    const { status, json } = await order(sandbox, headers, body);
    expect([name, status, json.extraDetails]).toEqual([name, 201, undefined]);
    const { businessIdentifier, productType } = body as typeof common;
    const shown = { status: 'RECEIVED', businessIdentifier, productType, productOrderUrl: json.prefillUrl };
    expect((await details(sandbox, headers, json.prefilledOrderId)).json).toMatchObject(shown);
    expect(await listed(sandbox, headers, json.prefilledOrderId), name).toMatchObject([shown]);
  }
  expect(exchanges.flatMap(check)).toEqual([]);
});

// The guide's own text lacks a comma before merchantCategoryCode, so that it is no JSON.
it('does not take the example of the guide as it is printed', async () => {
  await using sandbox = await startSandbox({ latencyMs: 0 });
  const headers = await signIn(sandbox);
  const body = JSON.stringify({ ...common, complianceData: {}, merchantCategoryCode: 5942 });
  const printed = body.replace('},"merchantCategoryCode"', '}"merchantCategoryCode"');
  expect(printed).not.toBe(body);
  expect((await order(sandbox, headers, printed)).status).toBe(400);
  expect((await order(sandbox, headers, body)).status).toBe(201);
});
