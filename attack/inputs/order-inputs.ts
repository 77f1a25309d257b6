import { type GraphqlBody, graphqlRequest, readJson, type TestContext } from '../test-context.ts';

export const remove =
  'mutation ($v: ID!) { deleteProductOrder(input: { productOrderId: $v }) { deletedProductOrderId userErrors { code } } }';
export const prefill =
  'mutation ($input: PrefillProductOrderInput!) { prefillProductOrder(input: $input) { prefillUrl userErrors { code message } } }';
export const order = {
  businessIdentifier: { scheme: 'business:NO:ORG', value: '123456785' },
  productType: 'LOGIN',
};

/** Expects a mutation to report an error in its input as data, without an upstream call. */
export async function expectUserError(
  context: TestContext,
  what: string,
  query: string,
  variables: object,
): Promise<void> {
  const { calls } = context.target.fixture.upstream;
  const { status, text } = await context.send(graphqlRequest(context.target, query, variables, 'partner'));
  const { data, errors = [] }: GraphqlBody = readJson(text) ?? {};
  const [payload] = Object.values(data ?? {}) as ({ userErrors?: unknown[] } | null)[];
  const isReported =
    (payload?.userErrors?.length ?? 0) > 0 ||
    errors.some((error) => error.extensions?.['code'] === 'BAD_USER_INPUT');
  context.check(`${what}: refused`, status < 500 && isReported, text);
  context.check(`${what}: no upstream call`, context.target.fixture.upstream.calls === calls);
}
