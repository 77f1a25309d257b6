// Compiled and run beside `management-api.ts`, which the test generates from the contract. It is told where the sandbox
// is and which keys open it, as JSON in its only argument, and prints what it met.
import * as api from './management-api.ts';

interface Order {
  url: string;
  partner: { clientId: string; clientSecret: string; subscriptionKey: string };
  management: { clientId: string; clientSecret: string };
}

const { url, partner, management } = JSON.parse(process.argv[2] ?? '') as Order;
api.defaults.baseUrl = url;

function must<A extends { status: number }, S extends number>(
  answer: A,
  status: S,
): Extract<A, { status: S }> {
  if (answer.status !== status) throw new Error(`expected ${status}, got ${JSON.stringify(answer)}`);
  return answer as Extract<A, { status: S }>;
}
const control = async (path: string, body: object) => {
  const answer = await fetch(`${url}/_sandbox/${path}`, { method: 'POST', body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
};

const token = must(
  await api.fetchAuthorizationTokenUsingPost(partner.clientId, partner.clientSecret, partner.subscriptionKey),
  200,
);
api.defaults.headers = {
  Authorization: `Bearer ${token.data.access_token}`,
  'Ocp-Apim-Subscription-Key': partner.subscriptionKey,
};

const packages = must(await api.getPartnerPricePackages(), 200);
const chosen = packages.data.find(({ market }) => market === 'NO');
const request: api.ProductOrderRequest = {
  businessIdentifier: { scheme: 'business:NO:ORG', id: '923609016' },
  productType: 'PAYMENT_INTEGRATION',
  salesUnitName: 'Generated Shop',
  pricePackageId: chosen?.pricePackageId ?? null,
  website: { url: 'https://example.com', termsUrl: 'https://example.com/terms' },
};
const made = must(await api.orderProduct('onboarding-1', request), 201);
const again = must(await api.orderProduct('onboarding-1', request), 201);
const conflict = must(await api.orderProduct('onboarding-1', { ...request, annualTurnover: 5 }), 409);
const refused = must(await api.orderProduct('onboarding-2', { ...request, salesUnitName: 'a&b' }), 400);
const id = made.data.prefilledOrderId;

const received = must(await api.getProductOrderDetails(id), 200);
await control(`orders/${id}`, { status: 'COMPLETED' });
const completed = must(await api.getProductOrderDetails(id), 200);
const msn = String(completed.data.salesUnit?.msn);
const units = must(await api.getAllSalesUnits({ vippsSystemName: 'generated' }), 200);
const unit = must(await api.getMsn(msn, { merchantSerialNumber: msn }), 200);
const { scheme, id: businessId } = unit.data.businessIdentifier;
const merchant = must(await api.getMerchantByBusinessIdentifier(scheme, businessId), 200);
const unitsOfMerchant = must(await api.getSalesUnitsByBusinessIdentifier(scheme, businessId), 200);

const second = must(await api.orderProduct('onboarding-3', request), 201);
const removed = must(await api.deleteProductOrder(second.data.prefilledOrderId), 200);
const gone = must(await api.getProductOrderDetails(second.data.prefilledOrderId), 404);
const orders = must(await api.getProductOrders({ includeExpired: true }), 200);

const basic = Buffer.from(`${management.clientId}:${management.clientSecret}`).toString('base64');
api.defaults.headers = {};
const shortToken = must(
  await api.fetchToken(
    { grant_type: 'client_credentials' },
    { headers: { Authorization: `Basic ${basic}` } },
  ),
  200,
);
api.defaults.headers = { Authorization: `Bearer ${shortToken.data.access_token}` };
const sameUnits = must(await api.getAllSalesUnits(), 200);

process.stdout.write(
  JSON.stringify({
    isSameOrder: again.data.prefilledOrderId === id,
    conflict: conflict.data.title,
    refused: refused.data.extraDetails,
    statuses: [received.data.status, completed.data.status],
    listed: units.data.filter((one) => String(one.msn) === msn),
    unit: { msn: unit.data.msn, name: unit.data.name },
    merchant: { status: merchant.data.status, units: unitsOfMerchant.data.length },
    deleted: [removed.status, gone.data.status],
    orderIsListed: orders.data.some(({ productOrderId }) => productOrderId === id),
    lifetime: Number(shortToken.data.expires_in),
    seesTheSame: sameUnits.data.length === units.data.length,
  }),
);
