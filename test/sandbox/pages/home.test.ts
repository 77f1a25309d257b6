import { afterAll, describe, expect, it } from 'vitest';
import { send } from '../client.ts';
import { submit, visit } from '../page-client.ts';
import { startHome, UI } from './start-home.ts';

const { sandbox, press } = await startHome();
afterAll(() => sandbox.close());

describe('the root', () => {
  it('leads a person to the home page, and is unknown to everything else', async () => {
    expect(await visit(sandbox, '/')).toMatchObject({ status: 302, location: '/_sandbox' });
    expect(await visit(sandbox, '/_sandbox/')).toMatchObject({ status: 302, location: '/_sandbox' });
    for (const accept of ['*/*', 'application/json']) {
      const reply = await send(sandbox, 'GET', '/', { headers: { accept } });
      expect(reply).toEqual({
        status: 404,
        contentType: 'application/json',
        json: { statusCode: 404, message: 'Resource not found' },
      });
    }
    expect((await visit(sandbox, '/', {}, 'POST')).status).toBe(404);
  });
});

describe('the start page', () => {
  it('has the keys of every caller and a line that works', async () => {
    const { body } = await visit(sandbox, '/_sandbox');
    for (const value of Object.values(sandbox.callers).flatMap((keys) => Object.values(keys))) {
      expect(body).toContain(`<dd class="key">${value}</dd>`);
    }
    expect(body).toContain('user-select:all');
    expect(body).toContain('<title>Start – sandbox</title>');
    expect(body).toContain(`curl -s ${sandbox.url}/management/v1/sales-units`);
    expect(body).toContain('href="/_sandbox/openapi.yaml"');
  });
});

describe('the clock', () => {
  it('is told to go one way', async () => {
    const { body } = await visit(sandbox, '/_sandbox');
    expect(body).toMatch(
      /\+14 days<\/button>\s*<p class="hint">The clock cannot go back, except by a restart /,
    );
  });

  it.each([1, 14])('goes ahead by %d days', async (days) => {
    const before = sandbox.clock.now();
    await press('clock', { days: String(days), back: `${UI}/orders` });
    expect(sandbox.clock.now() - before).toBeGreaterThanOrEqual(days * 86_400_000);
    expect(sandbox.clock.now() - before).toBeLessThan(days * 86_400_000 + 60_000);
  });

  it('goes nowhere else', async () => {
    const before = sandbox.clock.now();
    for (const days of ['', '0', '-14', '9e99', 'x'])
      expect((await press('clock', { days })).failed).toBe(true);
    expect(sandbox.clock.now() - before).toBeLessThan(60_000);
  });
});

it('goes back to its own pages only', async () => {
  for (const back of [
    'https://evil.example/',
    '//evil.example',
    '/_sandbox/../x',
    '/_sandbox\\evil',
    '/portal/x',
  ]) {
    const { location } = await submit(sandbox, `${UI}/faults/end`, { back });
    expect(location).toMatch(/^\/_sandbox\?notice=/);
  }
});
