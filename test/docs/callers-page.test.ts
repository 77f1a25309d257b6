import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { expect, it } from 'vitest';
import { readShellBlocks, settle } from './page.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const blocks = readShellBlocks(readFileSync(join(root, 'docs/callers.md'), 'utf8'));
const run = promisify(execFile);
const SEPARATOR = '\u001e';

it('prints what docs/callers.md says, command by command', { timeout: 60_000 }, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'callers-page-'));
  const issuer = await startIssuer();
  const [sandboxPort, port] = [await freePort(), await freePort()];
  const toFree = (text: string) => text.replaceAll(/\b8080\b/g, sandboxPort).replaceAll(/\b4000\b/g, port);
  const running: ChildProcess[] = [];
  try {
    await mkdir(join(folder, 'bin'));
    await symlink(join(root, 'bin/management-graphql.js'), join(folder, 'bin/management-graphql'));
    const env = {
      PATH: [join(folder, 'bin'), dirname(process.execPath), '/usr/bin', '/bin'].join(delimiter),
      NO_PROXY: '127.0.0.1',
      PORT: port,
      ADMIN_PORT: '0',
      OUTCOMES_FILE: ':memory:',
      ISSUER: issuer.url,
      TOKEN: await issuer.token({ tenant: 'acme', scope: 'read product-orders:write profile' }),
    };
    const sh = async (script: string) =>
      (await run('bash', ['-c', `set -eu -o pipefail\n${toFree(script)}`], { cwd: folder, env })).stdout;
    const start = async (script: string, url: string) => {
      const child = spawn('bash', ['-c', `exec env ${toFree(script)}`], {
        cwd: folder,
        env,
        stdio: 'ignore',
      });
      running.push(child);
      while (!(await fetch(url).catch(() => undefined))) {
        if (child.exitCode !== null) throw new Error(`ended: ${script}`);
        await sleep(50);
      }
    };

    // Variables and functions of a block are there for the next ones, so they run as one script up to each start.
    let before = '';
    let compared = 0;
    for (const { name, script, expected, line } of blocks) {
      if (name === 'sandbox') await start(script, `http://127.0.0.1:${sandboxPort}/_sandbox/stats`);
      else if (name === 'gateway') await start(script, `http://127.0.0.1:${port}/graphql`);
      else {
        const printed =
          (await sh(`${before}\nprintf '${SEPARATOR}'\n${script}`)).split(SEPARATOR).at(-1) ?? '';
        // What makes the key and the file happens once.
        before += `${/key > key|cat > /.test(script) ? script.replace(/^management-graphql key.*\n/, '') : definitions(script)}\n`;
        if (!expected) continue;
        compared++;
        expect(settle({ ...expected, text: printed }), `docs/callers.md, line ${line}`).toEqual(
          settle(expected),
        );
      }
    }
    expect(compared).toBe(5);
  } finally {
    for (const child of running) {
      child.kill();
      if (child.exitCode === null) await once(child, 'exit');
    }
    issuer.close();
    await rm(folder, { recursive: true });
  }
});

const definitions = (script: string) => script.match(/^\w+\(\) \{.*\}$/gm)?.join('\n') ?? '';

async function freePort(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return String(port);
}

async function startIssuer() {
  const { publicKey, privateKey } = await generateKeyPair('ES256');
  const jwks = JSON.stringify({ keys: [{ ...(await exportJWK(publicKey)), kid: '1', alg: 'ES256' }] });
  const server = createServer((_request, response) => void response.end(jwks)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    token: (claims: Record<string, string>) =>
      new SignJWT(claims)
        .setProtectedHeader({ alg: 'ES256', kid: '1' })
        .setIssuer(url)
        .setAudience('management-graphql')
        .setExpirationTime('5m')
        .sign(privateKey),
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
