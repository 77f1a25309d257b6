import { z } from 'zod';
import { changeKinds } from '../../directory/changes/change.ts';
import { Secret } from '../../upstream/keys/secret.ts';
import { describeUnreadable } from '../files/file-problem.ts';
import { parseJson } from '../files/file-text.ts';
import { readSmallFile } from '../files/read-small-file.ts';
import { fileSecret, type SecretFiles } from '../files/secret-file.ts';
import { secureUrl } from '../variable-kinds.ts';

/** Where changes of a tenant are announced. */
export interface NotificationTarget {
  readonly name: string;
  readonly url: string;
  /** Signs what is sent. */
  readonly secret: Secret;
  /** Undefined for all. */
  readonly kinds: readonly (typeof changeKinds)[number][] | undefined;
}

const LEAST_SECRET = 24;

/** One target in a file. */
export const Target = z.strictObject({
  name: z
    .string()
    .regex(
      /^[a-zA-Z0-9][a-zA-Z0-9._-]{0,63}$/,
      'must be 1 to 64 letters, digits, dots, hyphens and underscores',
    )
    .describe(
      'Identifies the target in the log. Its cursor is kept under this name: a new name begins anew.',
    ),
  url: secureUrl
    .refine((text) => !URL.parse(text)?.username && !URL.parse(text)?.password, 'must not contain a password')
    .describe('Where changes are announced with POST. https, and a public address.'),
  secret: z
    .string()
    .regex(/^[\x21-\x7e]+$/, 'must be visible ASCII characters without spaces')
    .min(LEAST_SECRET, `must have at least ${LEAST_SECRET} characters`)
    .optional()
    .describe('Signs each notification. Set this or secretFile.'),
  secretFile: z
    .string()
    .min(1, 'must be a path')
    .optional()
    .describe('Path of a file with the secret, which is read again when it changes.'),
  kinds: z
    .array(z.enum(changeKinds))
    .min(1)
    .optional()
    .describe('The kinds of changes that are announced. All if absent.'),
});

const TargetsFile = z.strictObject({
  $schema: z.string().optional(),
  targets: z.array(Target).min(1, 'must have at least one target').max(20),
});

/** Returns the targets of a list that has the right shape, with their secrets read. Reports every mistake by its place. */
export function readTargets(
  targets: readonly z.infer<typeof Target>[],
  place: string,
  files: SecretFiles,
  addMistake: (mistake: string) => void,
): readonly NotificationTarget[] {
  const names = new Set<string>();
  return targets.map(({ name, url, secret, secretFile, kinds }, index) => {
    const at = `${place}.${index}`;
    if (names.has(name)) addMistake(`${at}.name: is already used in this list`);
    names.add(name);
    if ((secret === undefined) === (secretFile === undefined))
      addMistake(`${at}.secret: set either this or secretFile`);
    const read =
      secretFile === undefined
        ? new Secret(secret ?? '')
        : fileSecret(secretFile, `${at}.secretFile`, files, addMistake);
    return { name, url, secret: read ?? new Secret(''), kinds };
  });
}

/** Reads the file at `path`. Returns its targets, or its mistakes. */
export function readTargetsFile(
  path: string,
  files: SecretFiles,
): { readonly targets: readonly NotificationTarget[] } | { readonly mistakes: readonly string[] } {
  try {
    const read = parseJson(readSmallFile(path, { mostBytes: 1024 * 1024, holdsAuthority: true }).text);
    if ('mistake' in read) return { mistakes: [read.mistake] };
    const parsed = TargetsFile.safeParse(read.json);
    if (!parsed.success)
      return { mistakes: parsed.error.issues.map(({ path: at, message }) => `${at.join('.')}: ${message}`) };
    const mistakes: string[] = [];
    const targets = readTargets(parsed.data.targets, 'targets', files, (mistake) => mistakes.push(mistake));
    return mistakes.length > 0 ? { mistakes } : { targets };
  } catch (error) {
    return { mistakes: [describeUnreadable(error)] };
  }
}
