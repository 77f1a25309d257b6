import type { ProductOrderStatus } from '../data/product-order.ts';
import { MAIN_PARTNER, OTHER_PARTNER } from '../data/units.ts';
import { HttpError } from '../http/http-error.ts';
import type { Lifecycle } from '../world/lifecycle.ts';
import { toMovedOrder } from '../world/moved-order.ts';
import type { World } from '../world/world.ts';
import type { ControlRoute } from './control-route.ts';
import { readObject, run } from './control-route.ts';

// Orders start as RECEIVED, and only the clock makes them EXPIRED.
const targets: readonly ProductOrderStatus[] = [
  'MERCHANT_VIEWED',
  'ORDER_SUBMITTED',
  'COMPLETED',
  'REJECTED',
];

/** Creates the control routes that change what the API shows. */
export function createStateRoutes(world: World, lifecycle: Lifecycle): ControlRoute[] {
  return [
    {
      method: 'POST',
      template: '/_sandbox/orders/{id}',
      handle({ json, param }) {
        const moved = lifecycle.moveOrder(param('id'), readStatus(json()));
        return { status: 200, value: toMovedOrder(world, moved) };
      },
    },
    {
      method: 'POST',
      template: '/_sandbox/sales-units/{msn}/deactivate',
      handle: ({ param }) => run(() => lifecycle.deactivateUnit(param('msn'))),
    },
    {
      method: 'POST',
      template: '/_sandbox/sales-units/{msn}/connect',
      handle: ({ json, param }) => {
        const partner = readPartner(json());
        return run(() => lifecycle.connectUnit(param('msn'), partner));
      },
    },
    {
      method: 'POST',
      template: '/_sandbox/merchants/{scheme}/{id}/deactivate',
      handle: ({ param }) => run(() => lifecycle.deactivateMerchant(param('scheme'), param('id'))),
    },
  ];
}

function readStatus(input: unknown): ProductOrderStatus {
  const { status: wanted } = readObject(input, ['status']);
  const status = targets.find((target) => target === wanted);
  if (!status) throw new HttpError(400, `"status" must be one of: ${targets.join(', ')}.`);
  return status;
}

/** Null means no partner. */
const partners: readonly unknown[] = [MAIN_PARTNER, OTHER_PARTNER, null];

function readPartner(input: unknown): string | undefined {
  const { partner } = readObject(input, ['partner']);
  if (!partners.includes(partner))
    throw new HttpError(400, `"partner" must be "${MAIN_PARTNER}", "${OTHER_PARTNER}" or null.`);
  return (partner as string | null) ?? undefined;
}
