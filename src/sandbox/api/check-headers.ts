import type { IncomingHttpHeaders } from 'node:http';
import { readHeader } from '../http/headers.ts';
import type { Policy } from '../policy/policy.ts';
import type { FieldError } from '../rules/field-error.ts';
import type { Caller } from '../world/caller.ts';
import { seesUnit } from '../world/visibility.ts';
import type { World } from '../world/world.ts';
import { findBadHeader } from './header-limits.ts';

type WrongHeader = ({ status: 400 } & FieldError) | { status: 403; reason: string };

/** What is wrong with the headers of an authorized call. */
export function checkHeaders(
  { world, policy }: { world: World; policy: Policy },
  caller: Caller,
  template: string,
  headers: IncomingHttpHeaders,
): WrongHeader | undefined {
  const badHeader = findBadHeader(headers, policy);
  if (badHeader) return { status: 400, ...badHeader };
  const actsFor = readHeader(headers, 'merchant-serial-number');
  // Both are documented causes of a 403 with partner keys (source: knowledge base, "Troubleshoot errors").
  if (actsFor === undefined) {
    const isMissing = caller.kind === 'partner' && isRequired(policy, template);
    return isMissing ? { status: 403, reason: 'Merchant-Serial-Number is missing.' } : undefined;
  }
  const unit = world.units.indexOf(actsFor);
  if (unit !== undefined && seesUnit(world, caller, unit)) return undefined;
  return {
    status: 403,
    reason: 'These keys have no access to the sales unit of the Merchant-Serial-Number.',
  };
}

// A path with a parameter names one thing. Other paths cover many, or a business that is not a merchant yet.
function isRequired({ merchantSerialNumber }: Policy, template: string): boolean {
  if (merchantSerialNumber === 'optional') return false;
  return merchantSerialNumber === 'requiredAlways' || template.includes('{');
}
