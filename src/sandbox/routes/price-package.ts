import type { Answer } from '../answer.ts';
import { ok } from '../answer.ts';
import type { World } from '../data.ts';
import type { ListOrder } from '../list-order.ts';
import type { Policy } from '../policy.ts';
import type { Problems } from '../problem.ts';
import type { Route } from '../route.ts';

interface PricePackageParts {
  world: World;
  policy: Policy;
  problems: Problems;
  lists: ListOrder;
}

export function createPricePackageRoutes({ world, policy, problems, lists }: PricePackageParts): Route[] {
  const ofMerchant = (): Answer => {
    const answer = policy.merchantPricePackages;
    return answer === 'emptyList' ? ok([]) : problems.problem(answer, 'Only partners have price packages.');
  };

  return [
    {
      kind: 'api',
      method: 'GET',
      template: '/management/v1/partners/price-packages',
      handle: ({ caller }) =>
        caller.kind === 'partner' ? ok(lists.arrange(world.pricePackages(caller.partner))) : ofMerchant(),
    },
  ];
}
