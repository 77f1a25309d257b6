import type { Answer } from './answer.ts';
import { createAuthorize } from './authorize.ts';
import type { CallerDirectory } from './callers.ts';
import type { World } from './data.ts';
import { gatewayError } from './gateway-error.ts';
import { findBadHeader, readHeader } from './headers.ts';
import { invalidField } from './problem.ts';
import type { ApiRoute, Call } from './route.ts';
import type { TokenStore } from './tokens.ts';
import { seesUnit } from './visibility.ts';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

// Scheme and id of a business have no limits in a path (source: OpenAPI document 2.0.9), so a bad one is just unknown.
const pathRules = new Map([
  ['msn', { pattern: /^\d{4,10}$/, reason: 'must be 4 to 10 digits.' }],
  ['productOrderId', { pattern: UUID, reason: 'must be a UUID.' }],
]);

/** Runs an API route behind the checks that all of them share. */
export function createApi(world: World, tokens: TokenStore, callers: CallerDirectory) {
  const authorize = createAuthorize(tokens, callers);

  return (route: ApiRoute, rawParams: ReadonlyMap<string, string>, call: Call): Answer => {
    const caller = authorize(call.headers);
    if ('status' in caller) return caller;

    const badHeader = findBadHeader(call.headers);
    if (badHeader) return invalidField(badHeader.name, badHeader.reason);
    const actsFor = readHeader(call.headers, 'merchant-serial-number');
    if (actsFor !== undefined) {
      const unit = world.units.indexOf(actsFor);
      // The documented cause of a 403 (source: knowledge base, "Troubleshoot errors"). That a call without the header
      // is refused too is said there as well, but the specification has no such header, so the sandbox lets it pass.
      if (unit === undefined || !seesUnit(world, caller, unit)) {
        return gatewayError(403, 'The Merchant-Serial-Number does not belong to a sales unit of these keys.');
      }
    }

    const params = new Map<string, string>();
    for (const [name, raw] of rawParams) {
      const value = decode(raw);
      const rule = pathRules.get(name);
      if (value === undefined) return invalidField(name, 'is not valid percent-encoding.');
      if (rule && !rule.pattern.test(value)) return invalidField(name, rule.reason);
      params.set(name, value);
    }
    return route.handle({ ...call, caller, param: (name) => params.get(name) ?? '' });
  };
}

function decode(segment: string): string | undefined {
  if (!segment.includes('%')) return segment;
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined;
  }
}
