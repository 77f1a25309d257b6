import { execFile } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type Browser, chromium, type Page } from 'playwright-core';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** A page in a browser of its own, with everything that it asked for and complained about. */
export interface Visit extends AsyncDisposable {
  readonly page: Page;
  /** Requests that left, or tried to leave, for anything but the gateway. They are stopped. */
  readonly foreignRequests: readonly string[];
  /** Errors and warnings of the console, uncaught exceptions and failed requests. */
  readonly complaints: readonly string[];
  /** Keeps a picture for people, in a folder that git ignores. */
  picture(name: string): Promise<void>;
}

export async function openBrowser(): Promise<Browser> {
  const executablePath = await findChromium();
  // As root, and in most containers, Chromium cannot make its own sandbox; it only meets our own page here.
  return chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-dev-shm-usage'] });
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

const PICTURES = fileURLToPath(new URL('../../.cache/pictures/', import.meta.url));

/** A fresh visitor: no storage and no cache of another visit. */
export async function visit(browser: Browser, url: string): Promise<Visit> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const page = await context.newPage();
  const { host } = new URL(url);
  const foreignRequests: string[] = [];
  const complaints: string[] = [];
  // Data and blob URLs stay inside the page.
  const isForeign = (address: URL) => /^(https?|wss?):$/.test(address.protocol) && address.host !== host;
  await context.route(isForeign, (route) => {
    foreignRequests.push(route.request().url());
    return route.abort();
  });
  page.on('websocket', (socket) => {
    if (isForeign(new URL(socket.url()))) foreignRequests.push(socket.url());
  });
  page.on('pageerror', (error) => complaints.push(`uncaught ${error.message}`));
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(`${message.type()} ${message.text()}`);
  });
  page.on('requestfailed', (request) => complaints.push(`failed ${request.url().slice(0, 200)}`));
  await page.goto(url);
  return {
    page,
    foreignRequests,
    complaints,
    picture: async (name) => {
      await mkdir(PICTURES, { recursive: true });
      await page.screenshot({ path: `${PICTURES}${name}.png` });
    },
    [Symbol.asyncDispose]: () => context.close(),
  };
}
