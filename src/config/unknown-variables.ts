import { distance } from 'fastest-levenshtein';
import { variableNames } from './env.ts';

/** The first words of the gateway's own names. Another program is unlikely to use one. */
const OWN =
  /^(?:VIPPS|MANAGEMENT|UPSTREAM|TENANTS?|TRUSTED|JWT|CORS|OUTCOMES?|SANDBOX|RATE_LIMIT|AUTH_FAILURES|REQUEST_DEADLINE|MAX_(?:PAGE|UPSTREAM|ROWS?|ANSWER|BODY))_/;
/** What Kubernetes sets for each service of a namespace. */
const SERVICE = /_SERVICE_(?:HOST|PORT)|_PORT_\d/;
/** Settings of versions to come. This version would otherwise ignore them silently. */
const LATER = new Set(['DATABASE_URL', 'WEBHOOKS', 'SUBSCRIPTIONS', 'FEDERATION']);
/** Short names are too close to those of other programs. */
const SHORTEST = 8;
const MOST_SLIPS = 2;

const known = new Set(variableNames);

/** Returns a warning for each variable that was probably meant for the gateway and has no effect. */
export function warnOfUnknown(names: Iterable<string>): string[] {
  return [...names].sort().flatMap((name) => {
    if (SERVICE.test(name) || known.has(name) || known.has(name.replace(/_FILE$/, ''))) return [];
    if (LATER.has(name)) return [`${name} has no effect: this version does not support it`];
    const meant = nearest(name);
    if (meant) return [`${name} has no effect: did you mean ${meant}?`];
    return OWN.test(name) ? [`${name} has no effect: the gateway has no variable of that name`] : [];
  });
}

function nearest(name: string): string | undefined {
  if (name.length < SHORTEST || name.length > 64) return undefined;
  const text = name.toUpperCase().replace(/[^A-Z]/g, '');
  return variableNames.find((candidate) => distance(text, candidate.replaceAll('_', '')) <= MOST_SLIPS);
}
