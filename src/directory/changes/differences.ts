import type { FieldChange } from './change.ts';

/** Names of the upstream that the schema writes in another way. */
const NAMES: Readonly<Record<string, string>> = { productOrderUrl: 'url', productOrderType: 'type' };
/** What identifies an object never changes. */
const KEYS = {
  salesUnit: ['msn'],
  merchant: ['businessIdentifier'],
  productOrder: ['productOrderId'],
  pricePackage: ['pricePackageId'],
} as const;
export type ObjectKind = keyof typeof KEYS;

/** The fields of an object as texts. */
interface Fields {
  readonly texts: ReadonlyMap<string, string>;
  /** Names of fields that could not be read: nobody knows whether they changed. */
  readonly unreadable: readonly string[];
}

/**
 * Returns the fields in which an object of the upstream differs from what was known of it. `undefined` is an object that is
 * not there: then all fields are different.
 */
export function differences(
  kind: ObjectKind,
  before: object | undefined,
  after: object | undefined,
): FieldChange[] {
  const old = fieldsOf(kind, before);
  const now = fieldsOf(kind, after);
  const isUnknown = (name: string) =>
    [...old.unreadable, ...now.unreadable].some((part) => name === part || name.startsWith(`${part}.`));
  return [...new Set([...old.texts.keys(), ...now.texts.keys()])]
    .map((name) => ({ name, before: old.texts.get(name) ?? null, after: now.texts.get(name) ?? null }))
    .filter(({ name, before: was, after: is }) => was !== is && !isUnknown(name));
}

function fieldsOf(kind: ObjectKind, value: object | undefined): Fields {
  const texts = new Map<string, string>();
  const unreadable: string[] = [];
  const keys: readonly string[] = KEYS[kind];
  const add = (name: string, leaf: unknown): void => {
    if (leaf === null || leaf === undefined) return;
    if (isUnreadable(leaf) || (Array.isArray(leaf) && leaf.some(isUnreadable))) unreadable.push(name);
    else if (Array.isArray(leaf)) texts.set(name, leaf.join('\n'));
    else if (typeof leaf === 'object')
      for (const [part, value] of Object.entries(leaf)) add(`${name}.${NAMES[part] ?? part}`, value);
    else texts.set(name, asShown(name, String(leaf)));
  };
  for (const [name, leaf] of Object.entries(value ?? {}))
    if (!keys.includes(name)) add(NAMES[name] ?? name, leaf);
  return { texts, unreadable };
}

/** The upstream writes `ReserveCapture`, the schema `RESERVE_CAPTURE`. */
const asShown = (name: string, text: string): string =>
  name === 'configuration.captureType' ? text.replaceAll(/([a-z])([A-Z])/g, '$1_$2').toUpperCase() : text;

/** Values that could not be read, or must not be shown, are symbols. */
const isUnreadable = (leaf: unknown): boolean => typeof leaf === 'symbol';
