import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { compose } from './compose.js';
import { startRouter } from './router.js';
import { startStores } from './stores/server.js';

// Starts the whole supergraph: the management gateway on its sandbox, the subgraph of the stores, and a router.

const { GATEWAY_PORT = '4000', STORES_PORT = '4002', ROUTER_PORT = '4010' } = process.env;
const secret = randomBytes(32).toString('base64url');
const management = `http://127.0.0.1:${GATEWAY_PORT}`;
const gateway = spawn(
  process.execPath,
  [fileURLToPath(new URL('../../bin/management-graphql.js', import.meta.url)), 'serve'],
  {
    env: {
      ...process.env,
      PORT: GATEWAY_PORT,
      ADMIN_PORT: '0',
      SUBGRAPH: 'on',
      SUBGRAPH_SECRET: secret,
      LOG_LEVEL: 'warn',
    },
    stdio: 'inherit',
  },
);
gateway.on('exit', (code) => process.exit(code ?? 0));
// Also when something below fails.
process.on('exit', () => gateway.kill());

/** Sends a query as clients do, until the gateway answers. */
async function ask(query) {
  for (;;) {
    const response = await fetch(`${management}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query }),
    }).catch(() => undefined);
    if (response) return (await response.json()).data;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

// The team of the stores knows these numbers from its own customers.
const { salesUnits } = await ask('{ salesUnits(first: 1000) { nodes { msn } } }');
const stores = await startStores({ port: Number(STORES_PORT), msns: salesUnits.nodes.map(({ msn }) => msn) });
const { supergraph, problems } = compose({ management: `${management}/subgraph`, stores: stores.url });
if (problems.length > 0) throw new Error(problems.join('\n'));
const router = await startRouter({ supergraph, secret, port: Number(ROUTER_PORT) });

console.log(`
The supergraph is at ${router.url}. Try:

  curl ${router.url} -H 'content-type: application/json' -d '{"query":"{ topRatedStores(first: 3) { name rating { stars } merchant { name supportCases { subject } } } }"}'
`);

for (const signal of ['SIGINT', 'SIGTERM'])
  process.on(signal, async () => {
    await router.stop();
    await stores.stop();
    gateway.kill();
  });
