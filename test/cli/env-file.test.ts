import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startCli } from './cli-process.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'env-file-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function sandboxWith(text: string | Buffer | undefined, env: Record<string, string> = {}) {
  const file = join(folder, '.env');
  if (text !== undefined) await writeFile(file, text);
  await using cli = startCli(['sandbox', '--env', file], env);
  const { code } = await Promise.race([
    cli.exited,
    cli.until(({ stdout }) => (stdout.includes('units') ? { code: 0 } : undefined)).catch(() => cli.exited),
  ]);
  if (text !== undefined) await rm(file);
  return { code, out: cli.stdout + cli.stderr, said: cli.stderr };
}

it('reads variables from a file, whatever wrote it', async () => {
  for (const mark of ['', '\ufeff'])
    expect((await sandboxWith(`${mark}SANDBOX_UNITS=no\r\n`)).out).toContain('SANDBOX_UNITS: must be');
});

it('lets the environment take precedence', async () => {
  expect((await sandboxWith('SANDBOX_UNITS=no', { SANDBOX_UNITS: '7' })).code).toBe(0);
});

it('says nothing of a file that does not exist', async () => {
  const { code, said } = await sandboxWith(undefined);
  expect([code, said]).toEqual([0, '']);
});

it('says what is wrong with a file that cannot be read', async () => {
  const { code, out } = await sandboxWith(
    Buffer.from('SANDBOX_UNITS=7', 'utf16le').fill(0xff, 0, 1).fill(0xfe, 1, 2),
  );
  expect([code, out]).toEqual([
    1,
    expect.stringContaining('names a file that cannot be read: it is UTF-16: save it as UTF-8'),
  ]);
});
