import { commandsOf, copyExample, type Recipe } from './recipe.ts';
import type { World } from './serving.ts';

// The scripts of examples/scripts, and their commands in docs/clients.md.

export const [install = '', exportUnits = '', waitingOrders = ''] = commandsOf('graphql-request in a script');

/** Copies the scripts, beside their packages. */
export const copyScripts = (): Recipe => copyExample('scripts', ['graphql', 'graphql-request']);

/** The environment that points a script at a gateway. */
export const at = ({ gateway }: Pick<World, 'gateway'>) => ({ GATEWAY_URL: gateway.url });

/** Returns the calls of the Management API so far, by route. */
export const callsOf = ({ sandbox }: World): Record<string, number> =>
  Object.fromEntries(
    Object.entries(sandbox.stats().calls).filter(([route]) => route.includes(' /management/')),
  );
