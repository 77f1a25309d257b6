import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { formats } from '../../src/cli/export/format.ts';
import { columns, type ExportRow } from '../../src/cli/export/rows.ts';
import { createProgress } from '../../src/cli/progress.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/server.ts';
import { startCli } from './cli-process.ts';
import { pointedAt } from './serving.ts';

const UNIT = 'GET /management/v1/sales-units/{msn}';
const MERCHANT = 'GET /management/v1/merchants/{scheme}/{id}';
const LIST = 'GET /management/v1/sales-units';

let folder: string;
let sandbox: Sandbox;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'export-'));
  sandbox = await startSandbox({ units: 450, latencyMs: 1 });
});
afterAll(async () => {
  await sandbox.close();
  await rm(folder, { recursive: true });
});

async function run(out: string, ...more: readonly string[]) {
  sandbox.reset();
  await using cli = startCli(['export', '--out', out, ...more], pointedAt(sandbox));
  const { code } = await cli.exited;
  const { calls } = sandbox.stats();
  return { code, said: cli.stderr, calls: [calls[LIST] ?? 0, calls[UNIT] ?? 0, calls[MERCHANT] ?? 0] };
}

describe('an export', () => {
  it('writes each unit once, in order, with one call per unit and merchant', async () => {
    const out = join(folder, 'units.csv');
    const { code, said, calls } = await run(out);
    expect([code, calls]).toEqual([0, [1, 450, 90]]);
    const lines = (await readFile(out, 'utf8')).split('\n');
    expect([lines[0], lines.length, lines.at(-1)]).toEqual([columns.join(','), 452, '']);
    const msns = lines.slice(1, -1).map((line) => line.split(',')[0]);
    expect(msns).toEqual([...sandbox.data.msns].sort());
    expect(said).toContain('450 of 450 sales units');
    // Names and addresses of merchants are for its owner alone.
    expect((await stat(out)).mode & 0o777).toBe(0o600);
    expect((await run(out)).calls).toEqual([1, 0, 0]);
  });

  it('goes on where it was broken off, in the middle of a line or not', async () => {
    const [whole, out] = [join(folder, 'whole.jsonl'), join(folder, 'broken.jsonl')];
    await run(whole);
    const text = await readFile(whole, 'utf8');
    const cut = text.split('\n').slice(0, 101).join('\n').length;
    for (const [length, left] of [
      [cut + 1, 349],
      [cut, 350],
      [cut - 10, 350],
      [5, 450],
      [0, 450],
    ] as const) {
      await writeFile(out, text.slice(0, length));
      const { code, calls } = await run(out);
      expect([length, code, calls[1]]).toEqual([length, 0, left]);
      expect(await readFile(out, 'utf8')).toBe(text);
    }
  });

  it('leaves out what could not be read, says so, and adds it the next time', async () => {
    const out = join(folder, 'failing.csv');
    sandbox.fault({ route: UNIT, status: 403, times: 7 });
    await using cli = startCli(['export', '--out', out], pointedAt(sandbox));
    expect((await cli.exited).code).toBe(1);
    expect(cli.stderr).toContain('7 sales units could not be read. Run the command again to add them.');
    const { code, calls } = await run(out);
    expect([code, calls[1]]).toEqual([0, 7]);
    expect((await readFile(out, 'utf8')).split('\n')).toHaveLength(452);
  });

  it('does not touch a file that it did not write', async () => {
    const out = join(folder, 'other.csv');
    for (const text of ['hello\n', 'a,b\n1,2\n', '{"msn":"123456","x":1}\n']) {
      await writeFile(out, text);
      const { code, said, calls } = await run(out);
      expect([code, calls]).toEqual([1, [0, 0, 0]]);
      expect(said).toContain('left alone');
      expect(await readFile(out, 'utf8')).toBe(text);
    }
  });

  it.each([
    [[], '--out: must be set'],
    [['--out', 'x', '--format', 'xml'], '--format: must be one of csv, jsonl'],
    [['--out', 'x', '--tenant', 'nobody'], '--tenant: there is no tenant nobody'],
  ])('is refused with %j', async (flags, mistake) => {
    await using cli = startCli(['export', ...flags], { ...pointedAt(sandbox), TMPDIR: folder });
    expect((await cli.exited).code).toBe(1);
    expect(cli.stderr).toContain(mistake);
  });
});

describe('a line', () => {
  const row = (name: string) =>
    ({ ...Object.fromEntries(columns.map((column) => [column, null])), msn: '123456', name }) as ExportRow;
  it.each([
    ['Kaffe, "Bar"', '"Kaffe, ""Bar"""'],
    ['=HYPERLINK("x")', '"\'=HYPERLINK(""x"")"'],
    ['+47', "'+47"],
    ['@sum', "'@sum"],
    ['Kaffe', 'Kaffe'],
  ])('of CSV holds %s without running as a formula', (name, cell) => {
    const line = formats.csv.write(row(name));
    expect(line.startsWith(`123456,${cell},`)).toBe(true);
    expect(formats.csv.msnOf(line)).toBe('123456');
  });
  it('of JSON is exact', () => {
    const line = formats.jsonl.write(row('=1'));
    expect(JSON.parse(line)).toMatchObject({ msn: '123456', name: '=1', merchantName: null });
    expect(formats.jsonl.msnOf(line)).toBe('123456');
  });
});

describe('the progress', () => {
  const shown = (isTTY: boolean) => {
    let text = '';
    let now = 0;
    const show = createProgress(
      { isTTY, write: (more) => (text += more) },
      { of: 'sales units', doneBefore: 0, now: () => now },
    );
    for (let done = 0; done <= 1_000; done += 50) {
      now += 300;
      show(done, 1_000);
    }
    return text;
  };
  it('is a bar on a terminal, with the time that is left', () => {
    const frames = shown(true).split('\r');
    expect(frames[11]).toContain('[###############---------------] 500 of 1000 sales units, 4 s left');
    expect(frames.at(-1)).toContain('[##############################] 1000 of 1000 sales units');
  });
  it('is a line for each tenth elsewhere', () => expect(shown(false).split('\n')).toHaveLength(12));
});
