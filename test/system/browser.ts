import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type BrowserContext, chromium, type Page } from 'playwright-core';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const PICTURES = fileURLToPath(new URL('../../.cache/pictures/', import.meta.url));

/** A visitor with an empty browser, and everything that the page asked for and complained about. */
export interface Visitor extends AsyncDisposable {
  readonly page: Page;
  /** Each answer to the page, as `status method path`; what was asked in the query string is left out. */
  readonly answers: readonly string[];
  /** Hosts other than this machine that the browser asked for, whatever for. They are never reached. */
  readonly foreignHosts: readonly string[];
  /** Errors and warnings of the console, and exceptions that nobody caught. */
  readonly complaints: readonly string[];
  /** Keeps a picture for people, in a folder that git ignores. */
  picture(name: string): Promise<void>;
}

export async function openBrowser(): Promise<Visitor> {
  const executablePath = await findChromium();
  const proxy = await startRefusingProxy();
  const browser = await chromium.launch({
    executablePath,
    // Chromium asks loopback addresses directly and everything else through its proxy, icons and fonts included.
    proxy: { server: proxy.url },
    // As root, and in most containers, it cannot make its own sandbox; it only meets our own page here.
    args: ['--no-sandbox', '--disable-dev-shm-usage'],
  });
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const page = await context.newPage();
  return {
    page,
    ...watch(context),
    foreignHosts: proxy.hosts,
    picture: async (name) => {
      await mkdir(PICTURES, { recursive: true });
      await page.screenshot({ path: `${PICTURES}${name}.png` });
    },
    [Symbol.asyncDispose]: async () => {
      await browser.close();
      await proxy.close();
    },
  };
}

function watch(context: BrowserContext) {
  const answers: string[] = [];
  const complaints: string[] = [];
  context.on('response', (response) => {
    answers.push(`${response.status()} ${response.request().method()} ${new URL(response.url()).pathname}`);
  });
  context.on('weberror', (error) => complaints.push(`uncaught: ${error.error().message}`));
  context.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  return { answers, complaints };
}

async function findChromium(): Promise<string> {
  const look = NAMES.map((name) => `command -v ${name}`).join(' || ');
  const { stdout } = await promisify(execFile)('sh', ['-c', look]).catch(() => ({ stdout: '' }));
  if (stdout === '')
    throw new Error(
      `These tests need a browser, and none of ${NAMES.join(', ')} is on the PATH. ` +
        'On Debian and Ubuntu: apt-get install -y chromium',
    );
  return stdout.trim();
}

/** Notes which hosts are asked for, and leads to none of them. */
async function startRefusingProxy() {
  const hosts: string[] = [];
  const server = createServer((request, response) => {
    hosts.push(new URL(request.url ?? '/', 'http://unknown').host);
    response.writeHead(403).end();
  });
  server.on('connect', (request, socket) => {
    hosts.push(request.url ?? '');
    socket.destroy();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    hosts,
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
