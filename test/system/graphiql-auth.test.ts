import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { startSandbox } from '../../src/sandbox/server.ts';
import { startServing } from '../cli/serving.ts';
import { openBrowser } from './browser.ts';

const KEY = 'mg_typed-into-the-header-editor';

it('opens for everybody, offers the header of the way in, and forgets a key that was typed there', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'graphiql-'));
  await using sandbox = disposing(await startSandbox({ units: 5 }));
  const { clientId, clientSecret, subscriptionKey } = sandbox.keys;
  const upstream = { clientId, clientSecret, subscriptionKey };
  const sha256 = createHash('sha256').update(KEY).digest('hex');
  const keys = [{ sha256, scopes: ['read', 'introspect'] }];
  const file = join(folder, 'tenants.json');
  await writeFile(file, JSON.stringify({ tenants: [{ id: 'acme', upstream, keys }] }));
  try {
    await using serving = await startServing({
      MANAGEMENT_API_URL: sandbox.url,
      TENANTS_FILE: file,
      AUTH: 'api-key',
      OUTCOMES_FILE: ':memory:',
    });
    await using visitor = await openBrowser();
    const { page } = visitor;
    await page.goto(serving.url);
    const editor = page.locator('.graphiql-editor-tool .view-lines:visible');
    await editor.getByText('Bearer').waitFor();

    // Behind `mg_` on the second line.
    await editor.click();
    for (const key of ['Control+Home', 'ArrowDown', 'End', 'ArrowLeft']) await page.keyboard.press(key);
    await page.keyboard.type(KEY.slice('mg_'.length));
    const answered = page.waitForResponse(
      (one) => one.request().headers()['authorization'] === `Bearer ${KEY}` && one.status() === 200,
      { timeout: 8_000 },
    );
    await page.getByRole('button', { name: /^Execute query/ }).click();
    const answer = await answered.catch(async (error) => {
      await visitor.picture('auth');
      throw error;
    });
    expect(await answer.json()).toMatchObject({ data: expect.anything() });
    // GraphiQL writes down what it keeps half a second after a change.
    await page.waitForTimeout(1_500);
    expect(await page.evaluate(() => JSON.stringify(localStorage))).toContain('graphiql:');
    expect(await page.evaluate(() => JSON.stringify(localStorage))).not.toContain(KEY);
    expect(visitor.foreignRequests).toEqual([]);
  } finally {
    await rm(folder, { recursive: true });
  }
});

it('offers a set of headers for each authentication method, if there are several', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'graphiql-'));
  await using sandbox = disposing(await startSandbox({ units: 5 }));
  const { clientId, clientSecret, subscriptionKey } = sandbox.keys;
  const upstream = { clientId, clientSecret, subscriptionKey };
  const file = join(folder, 'tenants.json');
  await writeFile(file, JSON.stringify({ tenants: [{ id: 'acme', upstream, keys: [] }] }));
  try {
    await using serving = await startServing({
      MANAGEMENT_API_URL: sandbox.url,
      TENANTS_FILE: file,
      AUTH: 'api-key,vipps-keys',
      OUTCOMES_FILE: ':memory:',
    });
    await using visitor = await openBrowser();
    const { page } = visitor;
    await page.goto(serving.url);
    expect(await page.title()).toBe(`Management API – Data of ${new URL(sandbox.url).host}`);
    const editor = page.locator('.graphiql-editor-tool .view-lines:visible');
    await editor.getByText('Bearer').waitFor();
    await page.getByRole('button', { name: 'Variables' }).click();
    const menu = page.getByRole('combobox', { name: 'Authentication method' });
    expect(await menu.locator('option').allTextContents()).toEqual(['Gateway key', 'Vipps MobilePay keys']);
    await menu.selectOption('Vipps MobilePay keys');
    await editor.getByText('Vipps-Client-Secret').waitFor();
    await visitor.picture('auth-menu');
    expect(await editor.textContent()).not.toContain('Bearer');

    await editor.click();
    await page.keyboard.press('Control+A');
    const headers = {
      'Vipps-Client-Id': clientId,
      'Vipps-Client-Secret': clientSecret,
      'Ocp-Apim-Subscription-Key': subscriptionKey,
    };
    await page.keyboard.insertText(JSON.stringify(headers));
    // The editor closes the first bracket by itself.
    await page.keyboard.press('Control+Shift+End');
    await page.keyboard.press('Delete');
    const answered = page.waitForResponse(
      (one) => one.request().headers()['vipps-client-id'] === clientId && one.status() === 200,
      { timeout: 8_000 },
    );
    await page.getByRole('button', { name: /^Execute query/ }).click();
    const answer = await answered.catch(async (error) => {
      await visitor.picture('auth-menu');
      throw error;
    });
    expect(await answer.json()).toMatchObject({ data: expect.anything() });
    await page.waitForTimeout(1_500);
    const kept = await page.evaluate(() => JSON.stringify([localStorage, sessionStorage]));
    for (const secret of [clientSecret, subscriptionKey]) expect(kept).not.toContain(secret);
    expect(visitor.foreignRequests).toEqual([]);
  } finally {
    await rm(folder, { recursive: true });
  }
});

const disposing = <T extends { close(): Promise<void> }>(closing: T) =>
  Object.assign(closing, { [Symbol.asyncDispose]: () => closing.close() });
