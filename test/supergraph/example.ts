import type { IncomingHttpHeaders } from 'node:http';

/** What a server of the example returns. */
export interface Running {
  readonly url: string;
  stop(): Promise<void>;
}

export interface RouterOptions {
  readonly supergraph: string;
  readonly secret: string;
}

/** The example in `examples/supergraph`, which is a package of its own in JavaScript. */
interface Example {
  startStores(options: {
    readonly msns: readonly string[];
    readonly onRequest?: (headers: IncomingHttpHeaders) => void;
  }): Promise<Running>;
  compose(urls: { readonly management: string; readonly stores: string }): {
    readonly supergraph: string;
    readonly hiveSupergraph: string;
    readonly problems: readonly string[];
  };
  startRouter(options: RouterOptions): Promise<Running>;
}

const folder = new URL('../../examples/supergraph/', import.meta.url);
const load = (path: string) => import(new URL(path, folder).href);

export const example: Example = {
  ...(await load('stores/server.js')),
  ...(await load('compose.js')),
  ...(await load('router.js')),
};
