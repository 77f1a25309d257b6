import type { Answer } from '../answer.ts';
import type { Dice } from '../data/dice.ts';
import { readHeader } from '../headers.ts';
import type { IdempotencyStore } from '../idempotency.ts';
import type { OrderBook } from '../order-book.ts';
import type { Policy } from '../policy.ts';
import type { PrefillRequest } from '../prefill-request.ts';
import { checkPrefillRequest } from '../prefill-request.ts';
import { invalidField, problem } from '../problem.ts';
import type { ApiCall, Route } from '../route.ts';

interface NewOrderParts {
  book: OrderBook;
  policy: Policy;
  dice: Dice;
  idempotency: IdempotencyStore;
  /** The page where the merchant fills in the order with this id. */
  portalUrl(id: string): string;
}

const KEY = /^[a-zA-Z0-9-]{1,50}$/;

export function createNewOrderRoute({ book, policy, dice, idempotency, portalUrl }: NewOrderParts): Route {
  let made = 0;

  const order = (partner: string, request: PrefillRequest) => {
    const { businessIdentifier, productType, salesUnitName } = request;
    const { scheme, id: businessId } = businessIdentifier;
    const id = dice.uuid('new order', made++);
    book.add({
      partner,
      type: 'PREFILL',
      status: 'RECEIVED',
      id,
      productType,
      businessIdentifier: { scheme, id: businessId },
      ...(salesUnitName && { salesUnitName }),
      request,
    });
    const body = JSON.stringify({ prefilledOrderId: id, prefillUrl: portalUrl(id) });
    // Without a charset, unlike the reads (source: document 2.0.9).
    return { status: 201, contentType: 'application/json', body };
  };

  return {
    kind: 'api',
    method: 'POST',
    template: '/management/v1/product-orders',
    handle({ caller, headers, body }: ApiCall): Answer {
      if (caller.kind !== 'partner') {
        return problem(policy.merchantOrderStatus, 'Not authorized to create a product order.');
      }
      const key = readHeader(headers, 'idempotency-key');
      if (key === undefined) return invalidField('Idempotency-Key', 'is required.');
      if (!KEY.test(key)) {
        return invalidField('Idempotency-Key', 'must be 1 to 50 letters, digits and hyphens.');
      }
      return idempotency.answer(caller, key, body, () => {
        const request = parse(body);
        if (request === undefined) return problem(400, 'The body is not valid JSON.');
        const extraDetails = checkPrefillRequest(request, '');
        if (extraDetails.length > 0) {
          const list = extraDetails.map(({ name, reason }) => `${name || 'the body'} ${reason}`).join(' ');
          return problem(400, `The request is not valid: ${list}`, { extraDetails });
        }
        return order(caller.partner, request as PrefillRequest);
      });
    },
  };
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch {
    return undefined;
  }
}
