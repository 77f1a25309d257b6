import type { Answer } from '../../answers/answer.ts';
import { ok } from '../../answers/answer.ts';
import type { Problems } from '../../answers/problem.ts';
import type { Policy } from '../../policy/policy.ts';
import type { World } from '../../world/world.ts';
import type { Route } from '../route.ts';
import type { RowOrder } from '../row-order.ts';

interface PricePackageParts {
  world: World;
  policy: Policy;
  problems: Problems;
  rowOrder: RowOrder;
}

export function createPricePackageRoutes({ world, policy, problems, rowOrder }: PricePackageParts): Route[] {
  const ofMerchant = (): Answer => {
    const answer = policy.merchantPricePackages;
    return answer === 'emptyList'
      ? ok([])
      : problems.problem(answer, 'Only partners can read price packages.');
  };

  return [
    {
      kind: 'api',
      method: 'GET',
      template: '/management/v1/partners/price-packages',
      handle: ({ caller }) =>
        caller.kind === 'partner' ? ok(rowOrder.arrange(world.pricePackages(caller.partner))) : ofMerchant(),
    },
  ];
}
