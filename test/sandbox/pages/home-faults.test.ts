import { afterAll, describe, expect, it } from 'vitest';
import { startSandbox } from '../../../src/sandbox/server.ts';
import { send, signIn } from '../client.ts';
import { rowsOf, submit, visit } from '../page-client.ts';
import { startHome, UI } from './start-home.ts';

const { sandbox } = await startHome();
afterAll(() => sandbox.close());

describe('faults', () => {
  it('come in pages of 50 faults, each shown in short', async () => {
    await using own = await startSandbox({ latencyMs: 0 });
    const ids = Array.from({ length: 60 }, () => own.fault({ body: 'x'.repeat(5_000) }));
    const first = rowsOf((await visit(own, `${UI}/faults`)).body);
    expect(first).toHaveLength(50);
    expect(first[0]).toContain('xxx…<');
    expect(first[0]?.length).toBeLessThan(2_000);
    const { body } = await visit(own, `${UI}/faults?page=2`);
    expect(rowsOf(body).map((row) => row.split('<')[0])).toEqual(ids.slice(50));
    expect(body).toContain('<input type="hidden" name="back" value="/_sandbox/ui/faults?page=2">');
    expect(body).toContain(`href="${UI}/faults?page=1"`);
  });

  it('are listed, and faults are ended one by one or all', async () => {
    await using own = await startSandbox({ latencyMs: 0 });
    const auth = await signIn(own);
    const route = 'GET /management/v1/sales-units';
    const body = '<script>"</script>';
    const ids = [own.fault({ route, status: 503, body, times: 5 }), own.fault({ route, hang: true })];
    await send(own, 'GET', '/management/v1/sales-units', { headers: auth }).catch(() => undefined);
    const page = await visit(own, `${UI}/faults`);
    const [first = '', second = ''] = rowsOf(page.body);
    expect(page.body).not.toContain('<script');
    expect(first).toContain('data-name="Happened">1<');
    expect(first).toContain('data-name="Left">4<');
    expect(second).toContain('data-name="Left">no limit<');
    await submit(own, `${UI}/faults/${ids[0]}/end`);
    expect(rowsOf((await visit(own, `${UI}/faults`)).body)).toHaveLength(1);
    await submit(own, `${UI}/faults/end`);
    expect(rowsOf((await visit(own, `${UI}/faults`)).body)).toEqual([]);
  });
});
