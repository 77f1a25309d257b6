import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright-core';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const PICTURES = fileURLToPath(new URL('../../.cache/pictures/', import.meta.url));

/** A visitor with an empty browser, and everything that the page asked for and complained about. */
export interface Visitor extends AsyncDisposable {
  readonly page: Page;
  /** Each answer to the page over the network, as `status method path`. */
  readonly answers: readonly string[];
  /** What the page asked of other hosts than this machine. None is ever reached. */
  readonly foreignRequests: readonly string[];
  /** Errors and warnings of the console, and exceptions that nobody caught. */
  readonly complaints: readonly string[];
  /** Keeps a picture of the whole page for people, in a folder that git ignores. */
  picture(name: string): Promise<void>;
}

export async function openBrowser(options: BrowserContextOptions = {}): Promise<Visitor> {
  const executablePath = await findChromium();
  const proxy = await startRefusingProxy();
  const browser = await chromium.launch({
    executablePath,
    // Chromium asks this machine directly and everything else, its own errands included, through the proxy.
    proxy: { server: proxy.url, bypass: '127.0.0.1' },
    // As root, and in most containers, it cannot make its own sandbox; it only meets our own page here.
    args: ['--no-sandbox', '--disable-dev-shm-usage'],
  });
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...options });
  const page = await context.newPage();
  return {
    page,
    ...watch(context),
    picture: async (name) => {
      await mkdir(PICTURES, { recursive: true });
      await page.screenshot({ path: `${PICTURES}${name}.png`, fullPage: true });
    },
    [Symbol.asyncDispose]: async () => {
      await browser.close();
      await proxy.close();
    },
  };
}

function watch(context: BrowserContext) {
  const answers: string[] = [];
  const foreignRequests: string[] = [];
  const complaints: string[] = [];
  // A blob or data URL is a part of the page, not a request.
  const isSent = (url: string) => /^(https?|wss?):/.test(url);
  context.on('response', (response) => {
    const url = response.url();
    if (isSent(url))
      answers.push(`${response.status()} ${response.request().method()} ${new URL(url).pathname}`);
  });
  context.on('request', (request) => {
    const url = request.url();
    if (isSent(url) && new URL(url).hostname !== '127.0.0.1') foreignRequests.push(url);
  });
  context.on('weberror', (error) => complaints.push(`uncaught: ${error.error().message}`));
  context.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  return { answers, foreignRequests, complaints };
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

/** Leads nowhere, so that no test depends on the world outside or tells it anything. */
async function startRefusingProxy() {
  const server = createServer((_request, response) => response.writeHead(403).end());
  server.on('connect', (_request, socket) => socket.destroy());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
