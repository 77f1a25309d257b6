import { isUtf8 } from 'node:buffer';
import type { Answer } from '../../answers/answer.ts';
import type { Problems } from '../../answers/problem.ts';
import type { PrefillRequest } from '../../data/prefill-request.ts';
import { isOpen } from '../../data/product-order.ts';
import { readHeader } from '../../http/headers.ts';
import type { Policy } from '../../policy/policy.ts';
import { checkClosedPrefillRequest, checkPrefillRequest } from '../../rules/check-prefill-request.ts';
import { keepKnownFields } from '../../rules/known-fields.ts';
import { checkByPolicy } from '../../rules/order-rules.ts';
import type { Caller } from '../../world/caller.ts';
import type { OrderBook } from '../../world/order-book.ts';
import type { OrderIds } from '../../world/order-ids.ts';
import type { World } from '../../world/world.ts';
import type { IdempotencyStore } from '../idempotency.ts';
import type { ApiCall, Route } from '../route.ts';

interface NewOrderParts {
  world: World;
  book: OrderBook;
  policy: Policy;
  problems: Problems;
  ids: OrderIds;
  idempotency: IdempotencyStore;
  /** The page where the merchant fills in the order with this id. */
  portalUrl(id: string): string;
  /** Called for every order that is made. */
  onOrder(): void;
}

const KEY = /^[a-zA-Z0-9-]{1,50}$/;
const JSON_MEDIA = /^application\/json\s*(;|$)/i;
const NOT_AUTHORIZED = 'Not authorized to create a product order';

export function createNewOrderRoute(parts: NewOrderParts): Route {
  const { world, book, policy, problems, ids, idempotency, portalUrl, onOrder } = parts;

  const order = (partner: string | undefined, request: PrefillRequest) => {
    const { businessIdentifier, productType, salesUnitName } = request;
    const { scheme, id: businessId } = businessIdentifier;
    if (policy.prefillsPerMerchant === 'latestOnly') expireEarlier(book, partner, request);
    const id = ids.next();
    book.add({
      partner,
      type: 'PREFILL',
      status: 'RECEIVED',
      id,
      productType,
      businessIdentifier: { scheme, id: businessId },
      ...(salesUnitName && { salesUnitName }),
      request: keepKnownFields(request),
    });
    onOrder();
    const body = JSON.stringify({ prefilledOrderId: id, prefillUrl: portalUrl(id) });
    // Without a charset, unlike the reads (source: document 2.0.9).
    return { status: 201, contentType: 'application/json', body };
  };

  const take = (caller: Caller, body: Buffer): Answer => {
    const partner = caller.kind === 'partner' ? caller.partner : undefined;
    const input = parse(body);
    if (input === undefined) return problems.problem(400, 'The body is not valid JSON.');
    const check = policy.unknownProperties === 'refuse' ? checkClosedPrefillRequest : checkPrefillRequest;
    const malformed = check(input, '');
    if (malformed.length > 0) return problems.invalidFields(malformed);
    const request = input as PrefillRequest;
    const { scheme, id } = request.businessIdentifier;
    if (caller.kind === 'merchant' && world.merchantIndex(scheme, id) !== caller.merchant)
      return problems.problem(403, `${NOT_AUTHORIZED} for another business.`);
    const ownsPackage = (id: string) =>
      partner !== undefined &&
      world.pricePackages(partner).some(({ pricePackageId }) => pricePackageId === id.toLowerCase());
    const refused = checkByPolicy(policy, request, ownsPackage);
    return refused.length > 0 ? problems.invalidFields(refused) : order(partner, request);
  };

  return {
    kind: 'api',
    method: 'POST',
    template: '/management/v1/product-orders',
    handle({ caller, headers, body }: ApiCall): Answer {
      if (caller.kind !== 'partner' && policy.merchantOrderStatus !== 'allowed') {
        return problems.problem(policy.merchantOrderStatus, `${NOT_AUTHORIZED}.`, {
          documentedTitle: NOT_AUTHORIZED,
        });
      }
      const key = readHeader(headers, 'idempotency-key');
      if (key === undefined) return problems.invalidField('Idempotency-Key', 'is required.');
      if (!KEY.test(key)) {
        return problems.invalidField('Idempotency-Key', 'must be 1 to 50 letters, digits and hyphens.');
      }
      if (policy.orderContentType === 'jsonOnly' && !JSON_MEDIA.test(headers['content-type'] ?? '')) {
        return problems.problem(415, 'Content-Type must be application/json.');
      }
      return idempotency.answer(caller, key, body, () => take(caller, body));
    },
  };
}

function expireEarlier(
  book: OrderBook,
  partner: string | undefined,
  { businessIdentifier }: PrefillRequest,
): void {
  for (const order of book.ofBusiness(businessIdentifier)) {
    const { id, type, partner: owner } = order;
    if (owner === partner && type === 'PREFILL' && isOpen(order) && id)
      book.update(id, { status: 'EXPIRED' });
  }
}

function parse(body: Buffer): unknown {
  // JSON is UTF-8 (source: RFC 8259). With invalid bytes replaced, the kept order would differ from the one sent.
  if (!isUtf8(body)) return undefined;
  try {
    return JSON.parse(body.toString());
  } catch {
    return undefined;
  }
}
