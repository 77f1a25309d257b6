import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describeRouter } from './federated.ts';

// Hive Gateway has 500 MB, so it is in no lock file: npm run test:hive installs it into a folder of its own.

const VERSION = '2.15.1';
const folder = fileURLToPath(new URL('../../.cache/hive-gateway/', import.meta.url));
const config = fileURLToPath(
  new URL('../../examples/supergraph/configurations/hive-gateway.config.ts', import.meta.url),
);
let nextPort = 4_567;

function install(): void {
  if (existsSync(`${folder}node_modules/.bin/hive-gateway`)) return;
  mkdirSync(folder, { recursive: true });
  const overrides = { '@graphql-tools/batch-execute': '10.2.0' };
  const dependencies = { '@graphql-hive/gateway': VERSION, graphql: '16.15.0' };
  writeFileSync(`${folder}package.json`, JSON.stringify({ type: 'module', dependencies, overrides }));
  execFileSync('npm', ['install', '--no-audit', '--no-fund', '--no-package-lock'], {
    cwd: folder,
    stdio: 'inherit',
  });
}

// Without indexes: it drops them from the paths of all errors below `_entities`, whatever the subgraph sends.
describeRouter(
  'Hive Gateway',
  async ({ hiveSupergraph, secret }) => {
    install();
    const port = nextPort++;
    const file = `supergraph-${port}.graphql`;
    writeFileSync(`${folder}${file}`, hiveSupergraph);
    // Its configuration imports the package of the folder.
    copyFileSync(config, `${folder}gateway.config.ts`);
    const router = spawn(
      process.execPath,
      [`${folder}node_modules/.bin/hive-gateway`, 'supergraph', '-p', String(port), '-h', '127.0.0.1'],
      {
        cwd: folder,
        env: { SUBGRAPH_SECRET: secret, SUPERGRAPH: `./${file}` },
        stdio: ['ignore', 'inherit', 'inherit'],
      },
    );
    const url = `http://127.0.0.1:${port}/graphql`;
    const isThere = () =>
      fetch(`http://127.0.0.1:${port}/readiness`).then(
        ({ ok }) => ok,
        () => false,
      );
    while (!(await isThere())) await new Promise((resolve) => setTimeout(resolve, 200));
    return {
      url,
      stop: async () => {
        router.kill();
        await once(router, 'exit');
      },
    };
  },
  { keepsIndexes: false, carriesSubscriptions: true },
);
