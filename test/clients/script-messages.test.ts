import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startSandbox } from '../../src/sandbox/server.ts';
import { startServing } from '../cli/serving.ts';
import { listening } from '../support/raw-http.ts';
import { type Recipe, versions } from './recipe.ts';
import { at, copyScripts, exportUnits, install, waitingOrders } from './scripts.ts';

let scripts: Recipe;
beforeEach(() => {
  scripts = copyScripts();
});
afterEach(() => scripts[Symbol.dispose]());

it('are installed by npm install, in the versions that are tested here', () => {
  expect(install).toBe('npm install');
  const { dependencies } = JSON.parse(readFileSync(join(scripts.folder, 'package.json'), 'utf8'));
  expect(dependencies).toEqual({
    graphql: versions['graphql'],
    'graphql-request': versions['graphql-request'],
  });
});

describe('both scripts say what to do', () => {
  it.each([exportUnits, waitingOrders])('if no gateway answers: %s', async (command) => {
    const GATEWAY_URL = 'http://127.0.0.1:1/graphql';
    const { code, stdout, stderr } = await scripts.sh(command, { GATEWAY_URL });
    expect({ code, stdout, stderr }).toEqual({
      code: 1,
      stdout: '',
      stderr: `No gateway answers at ${GATEWAY_URL}. Start it, or set GATEWAY_URL.\n`,
    });
  });

  it('if a key is missing or wrong, and send the one that is right', async () => {
    await using sandbox = await startSandbox({ units: 5, latencyMs: 1 });
    const { clientId, clientSecret, subscriptionKey } = sandbox.keys;
    const file = join(scripts.folder, 'tenants.json');
    const tenant = {
      id: 'one',
      upstream: { clientId, clientSecret, subscriptionKey },
      keys: [{ sha256: createHash('sha256').update('mg_right').digest('hex'), scopes: ['read'] }],
    };
    writeFileSync(file, JSON.stringify({ tenants: [tenant] }), { mode: 0o600 });
    await using gateway = await startServing({
      MANAGEMENT_API_URL: sandbox.url,
      TENANTS_FILE: file,
      AUTH: 'api-key',
      OUTCOMES_FILE: ':memory:',
    });
    const { url } = gateway;
    expect(await scripts.sh(waitingOrders, at({ gateway }))).toEqual({
      code: 1,
      stdout: '',
      stderr: `The gateway at ${url} requires a key. Set GATEWAY_KEY.\n`,
    });
    expect(await scripts.sh(waitingOrders, { ...at({ gateway }), GATEWAY_KEY: 'mg_wrong' })).toEqual({
      code: 1,
      stdout: '',
      stderr: `The gateway at ${url} does not accept the key in GATEWAY_KEY.\n`,
    });
    expect(await scripts.sh(waitingOrders, { ...at({ gateway }), GATEWAY_KEY: 'mg_right' })).toMatchObject({
      code: 0,
    });
  });

  it('if something else answers', async () => {
    const server = createServer((_request, response) => response.writeHead(404).end('<h1>Nothing here</h1>'));
    await using address = await listening(server);
    const GATEWAY_URL = `http://127.0.0.1:${address.port}/graphql`;
    const { code, stderr } = await scripts.sh(waitingOrders, { GATEWAY_URL });
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: `${GATEWAY_URL} answered with status 404 and no GraphQL. Check GATEWAY_URL.\n`,
    });
  });

  it.each(['0', 'many'])('if the page size is %s', async (size) => {
    const { code, stderr } = await scripts.sh(`${exportUnits} --page-size ${size}`);
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: '--page-size must be a whole number of at least 1.\n',
    });
  });
});
