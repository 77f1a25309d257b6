import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { listening } from '../support/raw-http.ts';
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

/** Starts a server in front of a gateway; `fails` answers a request, by its number, or leaves it to the gateway. */
export function startProxy(
  url: string,
  fails: (number: number, response: ServerResponse) => boolean,
): ReturnType<typeof listening> {
  let requests = 0;
  const pass = async (request: IncomingMessage, response: ServerResponse) => {
    const body = await text(request);
    if (fails(++requests, response)) return;
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(url, { method: 'POST', headers, body });
    response.writeHead(answer.status, headers).end(await answer.text());
  };
  return listening(createServer(pass));
}
