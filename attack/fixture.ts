import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Sandbox, startSandbox } from '../src/sandbox/server.ts';
import { type CliProcess, startCli, startNode } from '../test/cli/cli-process.ts';
import { type Issuer, startIssuer } from '../test/support/issuer.ts';
import { type Client, createClient } from './client.ts';
import { type Endpoint, endpointOf } from './endpoint.ts';
import { createKeyring, type Keyring, writeTenantsFile } from './keys.ts';
import { MONITORED } from './process-metrics.ts';
import { createSecretWatch, type SecretWatch } from './secret-watch.ts';
import { createUpstreamWatch, type UpstreamWatch } from './upstream-watch.ts';

export const GOOD_ORIGIN = 'https://good.example';

/** What all gateways under attack share: sandbox, issuer, keys and watches. */
export interface Fixture extends AsyncDisposable {
  readonly sandbox: Sandbox;
  readonly issuer: Issuer;
  readonly keyring: Keyring;
  /** The variables with which a gateway is attacked at `/subgraph`. */
  readonly subgraphEnv: { readonly SUBGRAPH: string; readonly SUBGRAPH_SECRET: string };
  readonly secrets: SecretWatch;
  readonly upstream: UpstreamWatch;
  /** Revokes a key in the file that the gateways watch. */
  revoke(name: keyof Keyring): void;
  /** Starts the gateway as it runs in production. */
  startGateway(env?: Record<string, string>): Promise<Target>;
  /** Starts the same schema on an unprotected server. */
  startBaseline(env?: Record<string, string>): Promise<Target>;
}

/** One gateway process under attack. */
export interface Target extends AsyncDisposable {
  readonly fixture: Fixture;
  readonly process: CliProcess;
  readonly pid: number;
  readonly client: Client;
  /** The origin. */
  readonly url: string;
  readonly endpoint: Endpoint;
  readonly adminUrl: string;
  /** Starts another one of the same kind with these variables. */
  variant(env: Record<string, string>): Promise<Target>;
  /** Starts one more process of the same kind without waiting for it. */
  launch(env: Record<string, string>): CliProcess;
}

export interface FixtureOptions {
  readonly units?: number;
  /** Attack `/subgraph`, where every caller is a router. */
  readonly subgraph?: boolean;
  /** Variables of every gateway. */
  readonly env?: Readonly<Record<string, string>>;
}

export async function startFixture(options: FixtureOptions = {}): Promise<Fixture> {
  const { units = 40, subgraph = false, env: given = {} } = options;
  const secrets = createSecretWatch();
  const upstream = createUpstreamWatch(secrets);
  // One merchant has most units and many orders, because attacks multiply nested lists.
  const crowd = { units: Math.round(units / 2), orders: 50 };
  const sandbox = await startSandbox({ units, crowd, latencyMs: 0, onExchange: upstream.onExchange });
  upstream.know(sandbox.callers);
  const issuer = await startIssuer();
  const keyring = createKeyring(subgraph);
  const subgraphEnv = { SUBGRAPH: 'on', SUBGRAPH_SECRET: randomBytes(32).toString('base64url') };
  const endpointEnv = subgraph ? subgraphEnv : {};
  for (const keys of Object.values(sandbox.callers)) {
    const { clientId: _public, ...rest } = keys;
    secrets.add(...Object.values<string>(rest));
  }
  secrets.add(subgraphEnv.SUBGRAPH_SECRET, ...Object.values(keyring).map(({ key }) => key));
  const folder = mkdtempSync(join(tmpdir(), 'attack-'));
  const tenantsFile = join(folder, 'tenants.json');
  const revoked: (keyof Keyring)[] = [];
  writeTenantsFile(tenantsFile, sandbox, keyring);

  const toTarget = async (
    env: Record<string, string>,
    launchKind: Target['launch'],
    start: Fixture['startGateway'],
  ): Promise<Target> => {
    const launch: Target['launch'] = (more) => launchKind({ ...env, ...more });
    const endpoint = endpointOf(env);
    const process = launch({});
    const listening = await process
      .until(({ logs }) => logs.find(({ msg }) => msg === 'listening'))
      .catch((error: Error) => {
        throw new Error(`${error.message}\n${process.stderr}`);
      });
    // A gateway checks its keys once it listens; no row must count those calls as its own.
    await upstream.quiet();
    const url = `http://127.0.0.1:${listening['port']}`;
    const client = createClient(url, secrets, endpoint);
    return {
      fixture,
      process,
      pid: process.pid ?? 0,
      client,
      url,
      endpoint,
      variant: (more) => start({ ...env, ...more }),
      adminUrl: `http://127.0.0.1:${listening['adminPort']}`,
      launch,
      [Symbol.asyncDispose]: async () => {
        await client[Symbol.asyncDispose]();
        await process[Symbol.asyncDispose]();
      },
    };
  };
  const launchGateway = (env: Record<string, string>) =>
    startCli(['serve'], {
      PORT: '0',
      ADMIN_PORT: '0',
      NODE_ENV: 'production',
      AUTH: 'api-key,vipps-keys,jwt',
      MANAGEMENT_API_URL: sandbox.url,
      TENANTS_FILE: tenantsFile,
      OUTCOMES_FILE: ':memory:',
      JWT_JWKS_URL: issuer.jwksUrl,
      JWT_ISSUER: issuer.issuer,
      JWT_AUDIENCE: issuer.audience,
      CORS_ORIGINS: GOOD_ORIGIN,
      UPSTREAM_TIMEOUT_MS: '2000',
      LOG_LEVEL: 'trace',
      // The rows send more than any rate limit allows. A57 tests the limit with its own tenant, as does test/server/limits.
      RATE_LIMIT_PER_MINUTE: '1000000000',
      AUTH_FAILURES_PER_MINUTE: '0',
      ...given,
      ...MONITORED,
      ...env,
    });
  const launchBaseline = (env: Record<string, string>) =>
    startNode(fileURLToPath(new URL('baseline-server.ts', import.meta.url)), [], {
      UPSTREAM_URL: env['MANAGEMENT_API_URL'] ?? sandbox.url,
      UPSTREAM_KEYS: JSON.stringify(sandbox.keys),
      ...MONITORED,
      ...env,
    });
  const fixture: Fixture = {
    sandbox,
    issuer,
    keyring,
    subgraphEnv,
    secrets,
    upstream,
    revoke(name) {
      revoked.push(name);
      writeTenantsFile(tenantsFile, sandbox, keyring, revoked);
    },
    startGateway: (env = {}) => toTarget({ ...endpointEnv, ...env }, launchGateway, fixture.startGateway),
    startBaseline: (env = {}) => toTarget({ ...endpointEnv, ...env }, launchBaseline, fixture.startBaseline),
    [Symbol.asyncDispose]: async () => {
      await issuer[Symbol.asyncDispose]();
      await sandbox.close();
      rmSync(folder, { recursive: true });
    },
  };
  return fixture;
}
