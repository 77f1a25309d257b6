import type { IncomingHttpHeaders } from 'node:http';
import type { PrefillRequest } from '../../data/prefill-request.ts';
import { isOpen, type ProductOrder } from '../../data/product-order.ts';
import type { Agreements } from '../../world/agreements.ts';
import type { Lifecycle } from '../../world/lifecycle.ts';
import type { LiveWorld } from '../../world/live-world.ts';
import type { OrderBook } from '../../world/order-book.ts';
import type { FormErrors } from '../kit/form-errors.ts';
import { html } from '../kit/html.ts';
import { formatSandboxTime } from '../kit/labels.ts';
import type { PageAnswer } from '../kit/page.ts';
import { messagePage, page, redirect } from '../kit/page.ts';
import type { PageCall, PageRoute } from '../kit/page-route.ts';
import { orderForm } from './order-form.ts';
import { closedPage, signingPage } from './portal-pages.ts';
import { choosePrice } from './price-choice.ts';
import { checkSubmittedOrder, readSubmittedOrder } from './submitted-order.ts';

interface PortalParts {
  world: LiveWorld;
  book: OrderBook;
  lifecycle: Lifecycle;
  agreements: Agreements;
}

type OpenOrder = ProductOrder & { id: string };

const TEMPLATE = '/portal/register/prefilled/{id}';
const noErrors: FormErrors = new Map();

/** Creates the pages behind `prefillUrl`, where the merchant reads, edits and submits a prefilled order. */
export function createPortal({ world, book, lifecycle, agreements }: PortalParts): PageRoute[] {
  /** Opens an order that the merchant can still submit. For any other order, returns a page with its status. */
  const withOpenOrder = ({ param }: PageCall, open: (order: OpenOrder) => PageAnswer): PageAnswer => {
    const order = book.find(param('id'));
    // Only prefilled orders have a page (source: OpenAPI document 2.0.9).
    if (order?.type !== 'PREFILL' || order.id === undefined) {
      return messagePage(
        404,
        'Order not found',
        'There is no prefilled order at this address. It may have been deleted.',
      );
    }
    return isOpen(order) ? open({ ...order, id: order.id }) : closedPage(order, world);
  };
  const priceOf = (order: OpenOrder, request: PrefillRequest) =>
    choosePrice(
      request,
      request.pricePackageId,
      order.partner === undefined ? [] : world.pricePackages(order.partner),
    );

  const formPage = (order: OpenOrder, request: PrefillRequest, errors = noErrors): PageAnswer => {
    const price = priceOf(order, requestOf(order));
    const until = formatSandboxTime(book.expiresAt(order.id) ?? 0);
    const content = html`<main id="content" class="frame narrow"><h1>Your product order</h1>
<p>${order.partner ?? 'Your own system'} has filled in this order for you. Check it, change what is wrong and submit it before ${until}.</p>
${orderForm({ request, partner: order.partner ?? 'None', price, errors })}</main>`;
    return { status: errors.size > 0 ? 422 : 200, body: page({ title: 'Your product order', content }) };
  };

  return [
    {
      method: 'GET',
      template: TEMPLATE,
      handle: (call) =>
        withOpenOrder(call, (order) => {
          if (order.status === 'RECEIVED' && !call.isHead && !isPrefetch(call.headers)) {
            lifecycle.moveOrder(order.id, 'MERCHANT_VIEWED');
          }
          return agreements.has(order.businessIdentifier)
            ? formPage(order, requestOf(order))
            : signingPage(order.id, order);
        }),
    },
    {
      method: 'POST',
      template: `${TEMPLATE}/agreement`,
      handle: (call) =>
        withOpenOrder(call, (order) => {
          agreements.sign(order.businessIdentifier);
          return redirect(TEMPLATE.replace('{id}', order.id));
        }),
    },
    {
      method: 'POST',
      template: TEMPLATE,
      handle: (call) =>
        withOpenOrder(call, (order) => {
          const location = TEMPLATE.replace('{id}', order.id);
          if (!agreements.has(order.businessIdentifier)) return redirect(location);
          const before = requestOf(order);
          const price = priceOf(order, before);
          const request = readSubmittedOrder(before, call.form, price);
          const errors = checkSubmittedOrder(request, price);
          if (errors.size > 0) return formPage(order, request, errors);
          // The unit gets the name that the merchant chose.
          const { salesUnitName } = request;
          book.update(order.id, { request, ...(salesUnitName && { salesUnitName }) });
          lifecycle.moveOrder(order.id, 'ORDER_SUBMITTED');
          return redirect(location);
        }),
    },
  ];
}

function requestOf({ request, businessIdentifier, productType = '' }: ProductOrder): PrefillRequest {
  return request ?? { businessIdentifier, productType };
}

/** True for a prefetch, which browsers announce: nobody has seen the page then. */
function isPrefetch(headers: IncomingHttpHeaders): boolean {
  return [headers['sec-purpose'], headers['purpose'], headers['x-purpose'], headers['x-moz']].some((value) =>
    /prefetch|prerender|preview/i.test(String(value ?? '')),
  );
}
