import type { Policy } from '../policy/policy.ts';
import type { FieldError } from '../rules/field-error.ts';

interface Rule {
  readonly pattern: RegExp;
  readonly reason: string;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const rules = new Map<string, Rule>([
  ['msn', { pattern: /^\d{4,10}$/, reason: 'must be 4 to 10 digits.' }],
  ['productOrderId', { pattern: UUID, reason: 'must be a UUID.' }],
]);
// The limits of the same names in a body (source: OpenAPI document 2.0.9).
const businessRules = new Map<string, Rule>([
  ['scheme', { pattern: /^.{10,30}$/su, reason: 'must have 10 to 30 characters.' }],
  ['id', { pattern: /^[\d-]{4,50}$/, reason: 'must be 4 to 50 digits and hyphens.' }],
]);

/** The parameters of a path, decoded; or the first that is wrong. */
export function readPathParams(
  raw: ReadonlyMap<string, string>,
  policy: Policy,
): Map<string, string> | FieldError {
  const params = new Map<string, string>();
  for (const [name, segment] of raw) {
    const value = decode(segment);
    if (value === undefined) return { name, reason: 'is not valid percent-encoding.' };
    const rule =
      rules.get(name) ?? (policy.badBusinessIdentifierStatus === 400 ? businessRules.get(name) : undefined);
    if (rule && !rule.pattern.test(value)) return { name, reason: rule.reason };
    params.set(name, value);
  }
  return params;
}

function decode(segment: string): string | undefined {
  if (!segment.includes('%')) return segment;
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined;
  }
}
