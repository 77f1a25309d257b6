import { z } from 'zod';
import { describeUnreadable } from '../files/file-problem.ts';
import { parseJson } from '../files/file-text.ts';
import { readSmallFile } from '../files/read-small-file.ts';
import type { SecretFiles } from '../files/secret-file.ts';
import { readTargets, Target } from '../notifications/targets.ts';
import { type Readable, readReadable } from './revocations.ts';
import { readTenantCredentials } from './tenant-credentials.ts';
import type { TenantEntry, TenantKeyEntry } from './tenant-entry.ts';
import { type TenantKey, TenantsFile, TenantUpstream } from './tenants-file-shape.ts';

/** The tenants of a file, or every mistake in it, with whatever can still be read. */
export type ReadTenants =
  | { readonly tenants: readonly TenantEntry[] }
  | { readonly mistakes: readonly string[]; readonly readable?: Readable | undefined };

/** Returns the tenants in the text of the file, or every mistake in it, by place and never by value. */
export function readTenants(text: string, files: SecretFiles): ReadTenants {
  const read = parseJson(text);
  if ('mistake' in read) return { mistakes: [read.mistake] };
  const { json } = read;
  const parsed = TenantsFile.safeParse(json);
  const mistakes = parsed.success ? [] : parsed.error.issues.map(toMistake);
  const addMistake = (mistake: string) => mistakes.push(mistake);
  // Entries with a mistake are still checked for conflicts, so that all mistakes are reported together.
  const loose = LooseFile.parse(json).tenants;
  const credentials = loose.map(({ upstream }, index) => {
    const { data } = TenantUpstream.safeParse(upstream);
    return data && readTenantCredentials(data, `tenants.${index}.upstream`, files, addMistake);
  });
  const targets = loose.map(({ webhooks }, index) => {
    const { data } = z.array(Target).safeParse(webhooks);
    return data ? readTargets(data, `tenants.${index}.webhooks`, files, addMistake) : [];
  });
  reportRepeats(
    loose.map(({ id }, index) => [`tenants.${index}.id`, id]),
    addMistake,
  );
  reportRepeats(
    loose.flatMap(({ keys }, index) =>
      keys.map(({ sha256 }, at): Place => [`tenants.${index}.keys.${at}.sha256`, sha256]),
    ),
    addMistake,
  );
  if (!parsed.success || mistakes.length > 0) return { mistakes, readable: readReadable(json) };
  return {
    tenants: parsed.data.tenants.flatMap(({ id, upstream, keys, limits }, index): TenantEntry[] => {
      const own = credentials[index];
      const upstreamText = JSON.stringify([upstream, limits.concurrency]);
      const entry = { id, keys: keys.map(toKeyEntry), limits, targets: targets[index] ?? [], upstreamText };
      return own ? [{ ...entry, credentials: own }] : [];
    }),
  };
}

/** Accepts anything, and keeps the parts that are where the file has them. */
const LooseKey = z.looseObject({ sha256: z.unknown() }).catch({ sha256: undefined });
const LooseTenant = z
  .looseObject({
    id: z.unknown(),
    upstream: z.unknown(),
    keys: z.array(LooseKey).catch([]),
    webhooks: z.unknown().default([]),
  })
  .catch({ id: undefined, upstream: undefined, keys: [], webhooks: [] });
const LooseFile = z.looseObject({ tenants: z.array(LooseTenant).catch([]) }).catch({ tenants: [] });

const toKeyEntry = ({ sha256, name, scopes: own, audience }: z.infer<typeof TenantKey>): TenantKeyEntry => ({
  sha256,
  name,
  scopes: own,
  audience,
});

const RULES = { mostBytes: 16 * 1024 * 1024, holdsAuthority: true };
/** A file of another kind can have a mistake per byte. */
const MOST_MISTAKES = 50;
const LONGEST_MISTAKE = 300;

/** Reads the file at `path`. Returns its tenants, or its mistakes. */
export function readTenantsFile(path: string, files: SecretFiles): ReadTenants {
  try {
    const read = readTenants(readSmallFile(path, RULES).text, files);
    return 'mistakes' in read ? { ...read, mistakes: shorten(read.mistakes) } : read;
  } catch (error) {
    return { mistakes: [describeUnreadable(error)] };
  }
}

function shorten(mistakes: readonly string[]): readonly string[] {
  const shown = mistakes.slice(0, MOST_MISTAKES).map((mistake) => mistake.slice(0, LONGEST_MISTAKE));
  const left = mistakes.length - shown.length;
  return left > 0 ? [...shown, `and ${left} more mistakes`] : shown;
}

function toMistake(issue: z.core.$ZodIssue): string {
  const place = issue.path.join('.');
  const text =
    issue.code === 'unrecognized_keys' ? `has no property ${issue.keys.join(', ')}` : issue.message;
  return place === '' ? text : `${place}: ${text}`;
}

type Place = readonly [place: string, value: unknown];

function reportRepeats(places: readonly Place[], addMistake: (mistake: string) => void): void {
  const seen = new Set<unknown>();
  for (const [place, value] of places) {
    if (seen.has(value)) addMistake(`${place}: is already used in this file`);
    if (typeof value === 'string') seen.add(value);
  }
}
