import type { Answer } from '../../answers/answer.ts';
import { JSON_UTF8, ok } from '../../answers/answer.ts';
import type { Problems } from '../../answers/problem.ts';
import type { Policy } from '../../policy/policy.ts';
import type { PolicyStore } from '../../policy/policy-store.ts';
import type { Caller } from '../../world/caller.ts';
import { seesUnit, visibleUnits } from '../../world/visibility.ts';
import type { World } from '../../world/world.ts';
import type { ApiCall, Route } from '../route.ts';
import type { RowList, RowOrder } from '../row-order.ts';
import { createRowList } from '../row-order.ts';

/** What rowOrder and orders tell about a unit; msn is a number only where the policy says so. */
interface SalesUnitSummary {
  msn: string | number;
  name: string;
}

interface SalesUnitParts {
  world: World;
  policies: PolicyStore;
  problems: Problems;
  rowOrder: RowOrder;
}

export function summarize(world: World, policy: Policy, unit: number): SalesUnitSummary {
  const msn = world.units.msn(unit);
  return { msn: policy.msnAsInteger ? Number(msn) : msn, name: world.unitName(unit) };
}

export function createSalesUnitRoutes({ world, policies, problems, rowOrder }: SalesUnitParts): Route[] {
  const policy = policies.values;
  // The list of a hundred thousand units has some six megabytes: written once per caller, then sent as it is.
  const written = new Map<Caller, { worldVersion: number; policyVersion: number; rows: RowList }>();
  const list = (caller: Caller): Buffer => {
    const worldVersion = world.version;
    const policyVersion = policies.version;
    let known = written.get(caller);
    if (known?.worldVersion !== worldVersion || known.policyVersion !== policyVersion) {
      const rows: string[] = [];
      for (const unit of visibleUnits(world, caller))
        rows.push(JSON.stringify(summarize(world, policy, unit)));
      known = { worldVersion, policyVersion, rows: createRowList(rowOrder.arrange(rows)) };
      written.set(caller, known);
    }
    return rowOrder.rotate(known.rows);
  };

  const read = (call: ApiCall): Answer => {
    const msn = call.param('msn');
    const unit = world.units.indexOf(msn);
    if (unit === undefined || !seesUnit(world, call.caller, unit)) {
      return problems.problem(404, 'The sales unit was not found.');
    }
    return ok({
      msn,
      name: world.unitName(unit),
      businessIdentifier: world.identifier(world.units.record(unit).merchant),
      configuration: world.configuration(unit),
      ...(policy.settlementBankAccount === 'shown' && { settlementBankAccount: world.bankAccount(unit) }),
    });
  };

  return [
    {
      kind: 'api',
      method: 'GET',
      template: '/management/v1/sales-units',
      handle: ({ caller }) => ({ status: 200, contentType: JSON_UTF8, body: list(caller) }),
    },
    { kind: 'api', method: 'GET', template: '/management/v1/sales-units/{msn}', handle: read },
  ];
}
