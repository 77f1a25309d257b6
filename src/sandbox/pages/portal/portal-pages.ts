import type { ProductOrder } from '../../data/product-order.ts';
import type { World } from '../../world/world.ts';
import { html } from '../kit/html.ts';
import { productName, registerName } from '../kit/labels.ts';
import type { PageAnswer } from '../kit/page.ts';
import { messagePage, page } from '../kit/page.ts';

/** Returns the page that a merchant without a Merchant Agreement sees first (source: the API's guide). */
export function signingPage(id: string, { businessIdentifier: business, partner }: ProductOrder): PageAnswer {
  const content = html`<main id="content" class="frame narrow"><h1>Sign the Merchant Agreement</h1>
<section class="card" aria-labelledby="why"><h2 id="why">Before the order</h2>
<p>This business has no Merchant Agreement yet. A person who may sign for the business signs it once. After that, you can submit the order that ${partner} prefilled.</p>
<dl><dt>${registerName(business)}</dt><dd>${business.id}</dd></dl></section>
<form class="card" method="post" action="/portal/register/prefilled/${id}/agreement"><h2>Signature</h2>
<p>The real portal asks for an electronic identity and for the owners of the business. Here the button is the whole signature, and it has no legal effect.</p>
<p><button class="main" type="submit">Sign the agreement (simulated)</button></p></form></main>`;
  return { status: 200, body: page({ title: 'Merchant Agreement', content }) };
}

/** Returns the page of an order that the merchant can no longer change. */
export function closedPage(order: ProductOrder, world: World): PageAnswer {
  const facts = html`<dl><dt>${registerName(order.businessIdentifier)}</dt><dd>${order.businessIdentifier.id}</dd><dt>Product</dt><dd>${productName(order.productType)}</dd>${
    order.unit === undefined &&
    order.salesUnitName !== undefined &&
    html`<dt>Sales unit</dt><dd>${order.salesUnitName}</dd>`
  }${order.unit !== undefined && html`<dt>Sales unit</dt><dd>${world.unitName(order.unit)}</dd><dt>Merchant serial number</dt><dd class="key">${world.units.msn(order.unit)}</dd>`}</dl>`;
  switch (order.status) {
    case 'EXPIRED':
      return messagePage(
        410,
        'The order has expired',
        'A prefilled order must be submitted within 14 days. Ask the partner to make a new one.',
      );
    case 'COMPLETED':
      return messagePage(200, 'The order is completed', 'The sales unit is ready for use.', facts);
    case 'REJECTED':
      // The reason is never shared with the partner, and the sandbox has none (source: the API's guide).
      return messagePage(200, 'The order was rejected', 'The order was processed and declined.', facts);
    default:
      return messagePage(
        200,
        'The order is submitted',
        'It is being processed. The merchant and the partner get an e-mail when it is done.',
        html`${facts}<p class="note" role="note"><strong>In this simulation</strong> nobody processes it and no e-mail is sent. Complete or reject the order on <a href="/_sandbox/ui/orders">the orders page</a>.</p>`,
      );
  }
}
