import { ok } from '../answer.ts';
import type { World } from '../data.ts';
import { problem } from '../problem.ts';
import type { Route } from '../route.ts';

export function createPricePackageRoutes(world: World): Route[] {
  return [
    {
      kind: 'api',
      method: 'GET',
      template: '/management/v1/partners/price-packages',
      // The status for a caller that is no partner is not documented; 403 is the contract's reading.
      handle: ({ caller }) =>
        caller.kind === 'partner'
          ? ok(world.pricePackages(caller.partner))
          : problem(403, 'Only partners have price packages.'),
    },
  ];
}
