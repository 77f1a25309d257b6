import type { Answer } from '../../answers/answer.ts';
import { ok } from '../../answers/answer.ts';
import type { Problems } from '../../answers/problem.ts';
import type { Policy } from '../../policy/policy.ts';
import { visibleUnitsOf } from '../../world/visibility.ts';
import type { World } from '../../world/world.ts';
import type { ApiCall, Route } from '../route.ts';
import type { RowOrder } from '../row-order.ts';
import { summarize } from './sales-unit.ts';

interface MerchantParts {
  world: World;
  policy: Policy;
  problems: Problems;
  rowOrder: RowOrder;
}

export function createMerchantRoutes({ world, policy, problems, rowOrder }: MerchantParts): Route[] {
  // A lookup answers 404 when the caller sees none of the merchant's units (source: FAQ of the API).
  const notFound = () => problems.problem(404, 'The merchant was not found.');
  const noUnits = () => (policy.unknownMerchantUnits === 'emptyList' ? ok([]) : notFound());
  type Found = (merchant: number, units: number[]) => Answer;
  const withMerchant = (answer: Found, otherwise: () => Answer) => (call: ApiCall) => {
    const merchant = world.merchantIndex(call.param('scheme'), call.param('id'));
    const units = merchant === undefined ? [] : visibleUnitsOf(world, call.caller, merchant);
    return merchant === undefined || units.length === 0 ? otherwise() : answer(merchant, units);
  };

  return [
    {
      kind: 'api',
      method: 'GET',
      template: '/management/v1/merchants/{scheme}/{id}',
      handle: withMerchant((merchant) => ok(world.merchant(merchant)), notFound),
    },
    {
      kind: 'api',
      method: 'GET',
      template: '/management/v1/merchants/{scheme}/{id}/sales-units',
      handle: withMerchant(
        (_merchant, units) => ok(rowOrder.arrange(units).map((unit) => summarize(world, policy, unit))),
        noUnits,
      ),
    },
  ];
}
