import type { ProductOrder } from '../../data/product-order.ts';
import { nextStatuses } from '../../world/lifecycle.ts';
import type { OrderBook } from '../../world/order-book.ts';
import type { World } from '../../world/world.ts';
import type { Html } from '../kit/html.ts';
import { html } from '../kit/html.ts';
import { formatSandboxTime, productName, statusName } from '../kit/labels.ts';
import type { PageRoute } from '../kit/page-route.ts';
import { PAGE_SIZE, pager, readPageNumber } from '../kit/paging.ts';
import { moveButtons } from './actions.ts';
import type { HomePage } from './home-page.ts';

interface OrdersPageParts {
  world: World;
  book: OrderBook;
  portalPath(id: string): string;
  homePage: HomePage;
}

const PATH = '/_sandbox/ui/orders';

/** Creates the page of all product orders, with a button for each status that an order can have next. */
export function createOrdersPage({ world, book, portalPath, homePage }: OrdersPageParts): PageRoute {
  const buttons = (order: ProductOrder, id: string, back: string): Html => {
    const next = nextStatuses(order);
    const moves = moveButtons.filter(([status]) => next.includes(status));
    return html`<div class="row">${order.type === 'PREFILL' && html`<a class="button" href="${portalPath(id)}" aria-label="Open portal, order ${id}">Open portal</a>`}${
      moves.length > 0 &&
      html`<form class="row" method="post" action="${PATH}/${id}"><input type="hidden" name="back" value="${back}">${moves.map(
        ([status, name]) =>
          html`<button name="status" value="${status}" aria-label="${name} order ${id}">${name}</button>`,
      )}</form>`
    }</div>`;
  };
  const row = (order: ProductOrder, back: string): Html => {
    const { id, status, unit, businessIdentifier: business } = order;
    const tone = status === 'COMPLETED' ? 'good' : status === 'REJECTED' || status === 'EXPIRED' ? 'bad' : '';
    const expiresAt = id === undefined ? undefined : book.expiresAt(id);
    return html`<tr><th scope="row">${id === undefined ? 'No id' : html`<span class="key">${id}</span>`}</th><td data-name="Product">${productName(order.productType)}<br><span class="hint">${order.type}</span></td><td data-name="Business">${business.scheme}<br><span class="key">${business.id}</span></td><td data-name="Sales unit">${
      unit === undefined
        ? (order.salesUnitName ?? '–')
        : html`${world.unitName(unit)}<br><a href="/_sandbox/ui/units?q=${world.units.msn(unit)}">${world.units.msn(unit)}</a>`
    }</td><td><span class="state ${tone}">${statusName(order)}</span>${expiresAt !== undefined && html`<br><span class="hint">expires <span class="when">${formatSandboxTime(expiresAt)}</span></span>`}</td><td>${id !== undefined && buttons(order, id, back)}</td></tr>`;
  };

  return {
    method: 'GET',
    template: PATH,
    handle(call) {
      const { count } = book;
      const number = readPageNumber(call.query, Math.ceil(count / PAGE_SIZE));
      const orders = book.newest((number - 1) * PAGE_SIZE, PAGE_SIZE);
      const content = html`<div class="scroll"><table class="stack"><caption>All ${count} orders, newest first. A prefilled order expires after 14 days unless it is submitted.</caption>
<thead><tr><th scope="col">Id</th><th scope="col">Product</th><th scope="col">Business</th><th scope="col">Sales unit</th><th scope="col">State</th><th scope="col">Actions</th></tr></thead>
<tbody>${orders.map((order) => row(order, `${PATH}?page=${number}`))}</tbody></table></div>
${pager(PATH, number, number * PAGE_SIZE < count)}`;
      return homePage(call, PATH, 'Orders', content);
    },
  };
}
