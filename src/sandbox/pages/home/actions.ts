import type { ProductOrderStatus } from '../../data/product-order.ts';
import type { Faults } from '../../faults/faults.ts';
import { HttpError, toHttpError } from '../../http/http-error.ts';
import { findPolicy } from '../../policy/policy.ts';
import type { PolicyStore } from '../../policy/policy-store.ts';
import { parsePolicy } from '../../policy/policy-text.ts';
import type { Clock } from '../../world/clock.ts';
import type { Lifecycle } from '../../world/lifecycle.ts';
import { nextStatuses } from '../../world/lifecycle.ts';
import type { OrderBook } from '../../world/order-book.ts';
import { statusName } from '../kit/labels.ts';
import type { Notices } from '../kit/notices.ts';
import { redirect } from '../kit/page.ts';
import type { PageCall, PageRoute } from '../kit/page-route.ts';

interface ActionParts {
  book: OrderBook;
  lifecycle: Lifecycle;
  clock: Clock;
  faults: Faults;
  policies: PolicyStore;
  notices: Notices;
  /** What `POST /_sandbox/reset` does. */
  resetCounts(): void;
  /** What `POST /_sandbox/state/reset` does. */
  resetData(): void;
}

const DAY_MS = 86_400_000;

/** Creates the routes behind the buttons of the home pages. They do what the control routes do, then return to the page with a notice. */
export function createActions(parts: ActionParts): PageRoute[] {
  const { book, lifecycle, clock, faults, policies, notices, resetCounts, resetData } = parts;
  const action = (name: string, act: (call: PageCall) => string): PageRoute => ({
    method: 'POST',
    template: `/_sandbox/ui/${name}`,
    handle(call) {
      const notice = notices.add(outcome(() => act(call)));
      const back = new URL(readBack(call), 'http://sandbox');
      back.searchParams.set('notice', notice);
      return redirect(`${back.pathname}${back.search}`);
    },
  });

  return [
    action('clock', ({ form }) => {
      const days = Number(form.get('days'));
      if (days !== 1 && days !== 14)
        throw new HttpError(400, 'This form moves the clock ahead by 1 or 14 days only.');
      clock.advance(days * DAY_MS);
      return `The clock was moved ahead by ${days === 1 ? 'a day' : `${days} days`}. Tokens may have expired.`;
    }),
    action('orders/{id}', ({ param, form }) => {
      const order = book.find(param('id'));
      if (!order) throw new HttpError(404, `There is no product order ${param('id')}.`);
      const status = nextStatuses(order).find((one) => one === form.get('status'));
      if (!status)
        throw new HttpError(
          409,
          `The order is ${statusName(order).toLowerCase()}, so its status was not changed.`,
        );
      lifecycle.moveOrder(param('id'), status);
      return `Order ${param('id')} is now ${statusName({ status }).toLowerCase()}.`;
    }),
    action('units/{msn}/deactivate', ({ param }) => {
      lifecycle.deactivateUnit(param('msn'));
      return `Sales unit ${param('msn')} is deactivated.`;
    }),
    action('faults/{id}/end', ({ param }) => {
      if (!faults.remove(param('id'))) throw new HttpError(404, 'The fault has already ended.');
      return `Fault ${param('id')} has ended.`;
    }),
    action('faults/end', () => {
      faults.clear();
      return 'All faults have ended.';
    }),
    action('policies/{name}', ({ param, form }) => {
      const name = findPolicy(param('name'));
      if (!name) throw new HttpError(404, `There is no policy ${param('name')}.`);
      const { policy, mistakes } = parsePolicy([`${name}=${form.get('value') ?? ''}`]);
      if (mistakes.length > 0) throw new HttpError(400, `${mistakes.join(' ')}.`);
      policies.set(policy);
      return `${name} is now ${policies.values[name]}.`;
    }),
    action('reset', () => {
      resetCounts();
      return 'Counts and calls were cleared, all faults have ended, and all keys are valid.';
    }),
    action('state/reset', () => {
      resetData();
      return 'The data is as it was at the start.';
    }),
  ];
}

function outcome(act: () => string) {
  try {
    return { text: act(), failed: false };
  } catch (error) {
    const expected = toHttpError(error);
    if (!expected) throw error;
    return { text: expected.message, failed: true };
  }
}

/** Returns the page to go back to. Only the home pages are allowed, or a form could redirect its visitor anywhere. */
function readBack({ form }: PageCall): string {
  const back = form.get('back') ?? '';
  return /^\/_sandbox(\/ui\/[a-z]+)?(\?[^#\\]*)?$/.test(back) ? back : '/_sandbox';
}

/** The statuses that have a button, with its label. Opening the portal sets MERCHANT_VIEWED, so that one has none. */
export const moveButtons: readonly (readonly [ProductOrderStatus, string])[] = [
  ['ORDER_SUBMITTED', 'Submit'],
  ['COMPLETED', 'Complete'],
  ['REJECTED', 'Reject'],
];
