import { Environment, Network, RecordSource, Store } from 'relay-runtime';

export function createEnvironment(url: string): Environment {
  return new Environment({
    store: new Store(new RecordSource()),
    network: Network.create(async ({ id, text }, variables) => {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        // With `persistConfig` the compiler writes ids instead of texts.
        body: JSON.stringify(id ? { documentId: id, variables } : { query: text, variables }),
      });
      return response.json();
    }),
  });
}
