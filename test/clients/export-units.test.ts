import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Recipe } from './recipe.ts';
import { at, callsOf, copyScripts, exportUnits, startProxy } from './scripts.ts';
import { startWorld } from './serving.ts';

const list = 'GET /management/v1/sales-units';
const details = 'GET /management/v1/sales-units/{msn}';
const merchants = 'GET /management/v1/merchants/{scheme}/{id}';
const csvHead = 'msn,name,merchant,register,organisation_number,capture_type';

let scripts: Recipe;
beforeEach(() => {
  scripts = copyScripts();
});
afterEach(() => scripts[Symbol.dispose]());

const csv = () => readFileSync(join(scripts.folder, 'units.csv'), 'utf8');

it('writes every unit, with one call for each unit and each merchant', async () => {
  await using world = await startWorld({ CACHE: 'on' }, { units: 250 });
  const { code, stderr } = await scripts.sh(exportUnits, at(world));
  // Without a terminal there is no progress bar.
  expect({ code, stderr }).toEqual({ code: 0, stderr: '250 sales units in units.csv\n' });
  const used = callsOf(world);
  const { data } = await world.gateway.query<{
    salesUnits: {
      nodes: {
        msn: string;
        name: string;
        merchant: { name: string; businessIdentifier: { scheme: string; value: string } };
        configuration: { captureType: string };
      }[];
    };
  }>(`{ salesUnits(first: 250) { nodes { msn name merchant { name businessIdentifier { scheme value } }
    configuration { captureType } } } }`);
  const nodes = data?.salesUnits.nodes ?? [];
  expect(csv().split('\r\n')).toEqual([
    csvHead,
    ...nodes.map(({ msn, name, merchant, configuration }) =>
      [
        msn,
        name,
        merchant.name,
        merchant.businessIdentifier.scheme,
        merchant.businessIdentifier.value,
        configuration.captureType,
      ].join(','),
    ),
    '',
  ]);
  const owners = new Set(nodes.map(({ merchant }) => JSON.stringify(merchant.businessIdentifier)));
  expect(used).toEqual({ [list]: 1, [details]: 250, [merchants]: owners.size });
});

it('quotes cells, and lets no spreadsheet run a name as a formula', async () => {
  await using world = await startWorld();
  const [formula = '', quoted = ''] = world.sandbox.data.msns;
  world.sandbox.editUnit(formula, { name: '=HYPERLINK("https://evil.example","Pay")' });
  world.sandbox.editUnit(quoted, { name: 'Bar, "Kro" og mer' });
  await scripts.sh(exportUnits, at(world));
  expect(csv()).toContain(`${formula},"'=HYPERLINK(""https://evil.example"",""Pay"")",`);
  expect(csv()).toContain(`${quoted},"Bar, ""Kro"" og mer",`);
});

it('leaves the cells of a unit that failed empty, says so, and exits with 1', async () => {
  await using world = await startWorld();
  const [, failing = ''] = world.sandbox.data.msns;
  world.sandbox.fault({ path: `/management/v1/sales-units/${failing}`, status: 403 });
  const { code, stderr } = await scripts.sh(exportUnits, at(world));
  expect(code).toBe(1);
  expect(stderr).toContain(`${failing}: merchant is missing (FORBIDDEN)\n`);
  expect(stderr).toContain(`${failing}: configuration is missing (FORBIDDEN)\n`);
  expect(stderr).toContain('30 sales units in units.csv\n');
  const [, ...rows] = csv().trimEnd().split('\r\n');
  expect(rows).toHaveLength(30);
  expect(rows.filter((row) => row.endsWith(',,,,'))).toEqual([
    expect.stringMatching(new RegExp(`^${failing},.+,,,,$`)),
  ]);
});

it('asks again for the units alone that failed for a reason that passes', async () => {
  await using world = await startWorld();
  const [, failing = ''] = world.sandbox.data.msns;
  // More often than the gateway tries by itself.
  world.sandbox.fault({ path: `/management/v1/sales-units/${failing}`, status: 503, times: 3 });
  const { code, stderr } = await scripts.sh(exportUnits, at(world));
  expect({ code, stderr }).toEqual({ code: 0, stderr: '30 sales units in units.csv\n' });
  expect(csv()).not.toContain(',,');
  expect(callsOf(world)).toMatchObject({ [list]: 1, [details]: 30 + 3 });
});

it('waits as long as a refusal says', async () => {
  await using world = await startWorld();
  const arrivals: number[] = [];
  const extensions = { code: 'RATE_LIMITED', retryable: true, retryAfterMs: 700 };
  await using proxy = await startProxy(world.gateway.url, (number, response) => {
    arrivals.push(performance.now());
    if (number > 1) return false;
    response.writeHead(429, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ errors: [{ message: 'Wait.', extensions }] }));
    return true;
  });
  const { code } = await scripts.sh(exportUnits, { GATEWAY_URL: `http://127.0.0.1:${proxy.port}` });
  expect(code).toBe(0);
  const [first = 0, second = 0] = arrivals;
  expect(second - first).toBeGreaterThanOrEqual(700);
});

it('goes on with the same page after a broken connection', async () => {
  await using world = await startWorld({}, { units: 250 });
  await using proxy = await startProxy(world.gateway.url, (number, response) => {
    if (number === 2) response.destroy();
    return number === 2;
  });
  const { code, stderr } = await scripts.sh(exportUnits, { GATEWAY_URL: `http://127.0.0.1:${proxy.port}` });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '250 sales units in units.csv\n' });
  const [, ...rows] = csv().trimEnd().split('\r\n');
  expect(new Set(rows).size).toBe(250);
  expect(callsOf(world)).toMatchObject({ [list]: 3, [details]: 250 });
});

it('reads smaller pages if the gateway allows no larger ones', async () => {
  await using world = await startWorld({ RATE_LIMIT_PER_MINUTE: '250' });
  const refused = await scripts.sh(exportUnits, at(world));
  expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('OPERATION_TOO_EXPENSIVE') });
  const { code } = await scripts.sh(`${exportUnits} --page-size 20`, at(world));
  expect(code).toBe(0);
  expect(callsOf(world)).toMatchObject({ [list]: 2, [details]: 30 });
});

it('keeps the old file if the list cannot be read', async () => {
  await using world = await startWorld();
  writeFileSync(join(scripts.folder, 'units.csv'), 'old');
  world.sandbox.fault({ route: list, status: 403 });
  const { code, stderr } = await scripts.sh(exportUnits, at(world));
  expect({ code, text: csv() }).toEqual({ code: 1, text: 'old' });
  expect(stderr).toMatch(/^The gateway at http:\S+ answered FORBIDDEN: .+\n$/);
  expect(readdirSync(scripts.folder).filter((name) => name.endsWith('.tmp'))).toEqual([]);
});

it('draws its progress on a terminal', async () => {
  await using world = await startWorld({}, { units: 250 });
  // `script` gives the command a terminal.
  const { stdout } = await scripts.sh(`script -qec '${exportUnits}' /dev/null`, at(world));
  expect(stdout).toContain('[############------------------] 100 of 250 sales units');
  expect(stdout).toContain('[##############################] 250 of 250 sales units');
});
