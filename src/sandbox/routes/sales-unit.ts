import type { Answer } from '../answer.ts';
import { JSON_UTF8, ok } from '../answer.ts';
import type { Caller } from '../callers.ts';
import type { World } from '../data.ts';
import type { Policy } from '../policy.ts';
import { problem } from '../problem.ts';
import type { Route } from '../route.ts';
import { seesUnit, visibleUnits } from '../visibility.ts';

/** What lists and orders tell about a unit; msn is a number only where the policy says so. */
interface SalesUnitSummary {
  msn: string | number;
  name: string;
}

export function summarize(world: World, policy: Policy, unit: number): SalesUnitSummary {
  const msn = world.units.msn(unit);
  return { msn: policy.msnAsInteger ? Number(msn) : msn, name: world.unitName(unit) };
}

export function createSalesUnitRoutes(world: World, policy: Policy): Route[] {
  // The list of a hundred thousand units has some six megabytes: written once per caller, then sent as it is.
  const lists = new Map<Caller, { version: number; body: Buffer }>();
  const list = (caller: Caller): Buffer => {
    const { version } = world;
    const known = lists.get(caller);
    if (known?.version === version) return known.body;
    const rows: string[] = [];
    for (const unit of visibleUnits(world, caller)) rows.push(JSON.stringify(summarize(world, policy, unit)));
    const body = Buffer.from(`[${rows.join(',')}]`);
    lists.set(caller, { version, body });
    return body;
  };

  return [
    {
      kind: 'api',
      method: 'GET',
      template: '/management/v1/sales-units',
      handle: ({ caller }) => ({ status: 200, contentType: JSON_UTF8, body: list(caller) }),
    },
    {
      kind: 'api',
      method: 'GET',
      template: '/management/v1/sales-units/{msn}',
      handle: (call) => readSalesUnit(world, call.caller, call.param('msn')),
    },
  ];
}

function readSalesUnit(world: World, caller: Caller, msn: string): Answer {
  const unit = world.units.indexOf(msn);
  if (unit === undefined || !seesUnit(world, caller, unit))
    return problem(404, 'The sales unit was not found.');
  return ok({
    msn,
    name: world.unitName(unit),
    businessIdentifier: world.identifier(world.units.place(unit).merchant),
    configuration: world.configuration(unit),
  });
}
