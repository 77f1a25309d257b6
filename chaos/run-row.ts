import { readFileSync } from 'node:fs';
import type { Finding, Row, RowContext } from './row.ts';
import { startWorld, type World } from './world.ts';

const MOST_MEGABYTES = 512;

export interface RowResult {
  /** Whether the same load is all ok without the fault. Otherwise the row proves nothing. */
  readonly control: boolean;
  readonly findings: readonly Finding[];
  /** The peak of the gateway's memory. */
  readonly megabytes: number;
}

/** Runs a row with a world of its own for the control and for the fault. */
export async function runRow(
  given: Row,
  scale: number,
  env: Readonly<Record<string, string>> = {},
): Promise<RowResult> {
  const row = { ...given, env: { ...given.env, ...env } };
  const findings: Finding[] = [];
  const contextOf = (world: World): RowContext => ({
    world,
    scale,
    count: (whole) => Math.max(1, Math.round(whole * scale)),
    check: (promise, kept, figure) => findings.push({ promise, kept, figure: String(figure) }),
  });
  const control = await (async () => {
    await using world = await startWorld(row);
    return await row.control(contextOf(world));
  })();
  await using world = await startWorld(row);
  const context = contextOf(world);
  let megabytes = 0;
  const look = () => {
    megabytes = Math.max(megabytes, residentMegabytes(world.gateway.cli.pid));
  };
  const watching = setInterval(look, 100);
  try {
    await row.fault(context);
    await row.run(context);
    look();
  } finally {
    clearInterval(watching);
  }
  context.check(`memory ≤ ${MOST_MEGABYTES} MB`, megabytes <= MOST_MEGABYTES, `${megabytes} MB`);
  const said = world.gateway.cli.stdout + world.gateway.cli.stderr;
  const leaked = Object.values(world.sandbox.keys).filter(
    (key) => key !== world.sandbox.keys.clientId && said.includes(key),
  );
  context.check('no secret in the log', leaked.length === 0, leaked.length);
  context.check('no crash', !said.includes('unhandled') && !said.includes('internal error'), 'none');
  return { control, findings, megabytes };
}

function residentMegabytes(pid: number | undefined): number {
  try {
    const [, kilobytes] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    return Math.round(Number(kilobytes ?? 0) / 1_024);
  } catch {
    return 0;
  }
}
