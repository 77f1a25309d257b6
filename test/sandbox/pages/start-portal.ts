import { startSandbox } from '../../../src/sandbox/server.ts';
import { control, signIn } from '../client.ts';
import { details, order } from '../ordering.ts';

export const website = { url: 'https://example.com', termsUrl: 'https://example.com/terms' };

/** Starts a sandbox, and returns what the tests of the portal do with it. */
export async function startPortal() {
  const sandbox = await startSandbox({ latencyMs: 0, tokenLifetimeSeconds: 1e9 });
  const headers = await signIn(sandbox);
  const packages = (productType: string, market: string) =>
    sandbox.data.pricePackages.filter((one) => one.productType === productType && one.market === market);
  return {
    sandbox,
    headers,
    packages,
    /** The fields that the form needs beyond those that the order has. */
    rest: () => ({
      salesUnitName: 'Kaffebar Nord',
      'website.url': website.url,
      'website.termsUrl': website.termsUrl,
      'settlementBankAccount.id': '86011117947',
      pricePackageId: packages('PAYMENT_INTEGRATION', 'NO')[0]?.pricePackageId ?? '',
    }),
    /** Makes an order for a business that has signed, so that its page is the form. */
    place: async (body: object = {}): Promise<{ id: string; path: string }> => {
      const { json } = await order(sandbox, headers, {
        businessIdentifier: sandbox.data.ownMerchant,
        productType: 'PAYMENT_INTEGRATION',
        salesUnitName: 'Kaffebar Nord',
        website,
        ...body,
      });
      return { id: json.prefilledOrderId, path: new URL(json.prefillUrl).pathname };
    },
    stateOf: async (id: string) => (await details(sandbox, headers, id)).json.status,
    move: (id: string, status: string) => control(sandbox, 'POST', `orders/${id}`, { status }),
  };
}
