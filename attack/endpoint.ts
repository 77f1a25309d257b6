/** The endpoint under attack, and what is different there. */
export interface Endpoint {
  readonly path: '/graphql' | '/subgraph';
  readonly forRouters: boolean;
  /** Headers that every request to it needs. */
  readonly headers: Readonly<Record<string, string>>;
  /** One more than the callers of the endpoint may have: written out, so that nobody raises a limit without noticing. */
  readonly tooMany: { readonly aliases: number };
}

/** Returns the endpoint that a gateway with these variables is attacked at. */
export function endpointOf({ SUBGRAPH, SUBGRAPH_SECRET }: Readonly<Record<string, string>>): Endpoint {
  if (SUBGRAPH !== 'on')
    return { path: '/graphql', forRouters: false, headers: {}, tooMany: { aliases: 16 } };
  return {
    path: '/subgraph',
    forRouters: true,
    headers: SUBGRAPH_SECRET ? { 'router-authorization': `Bearer ${SUBGRAPH_SECRET}` } : {},
    tooMany: { aliases: 201 },
  };
}

/** Returns the lines of headers as they are sent. */
export const headerLines = (headers: Readonly<Record<string, string>>): string =>
  Object.entries(headers)
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join('');
