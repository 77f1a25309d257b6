import { BadUserInput } from './errors.ts';

/** Types whose objects have global ids. */
const TYPES = ['SalesUnit', 'Merchant', 'ProductOrder', 'PricePackage', 'Change'] as const;
type NodeType = (typeof TYPES)[number];

/** Returns the global id of an object: `{type}:{key}` in Base64, as the relay plugin encodes it. */
export const globalId = (type: NodeType, key: string) => Buffer.from(`${type}:${key}`).toString('base64');

/** Returns the parts of a global id. Any text has some, so both must be checked. */
export function readGlobalId(id: string): [type: string, key: string] {
  const text = Buffer.from(id, 'base64').toString();
  const end = text.indexOf(':');
  return [text.slice(0, end), text.slice(end + 1)];
}

/**
 * Returns the key of an object that a client names by its key or by its global id. Throws {@link BadUserInput} for the
 * global id of another type.
 */
export function keyOf(type: NodeType, text: string, argument: string): string {
  const [given] = readGlobalId(text);
  if (given !== type && TYPES.includes(given as NodeType))
    throw new BadUserInput(argument, `is the id of a ${given}, not of a ${type}`);
  return keyIfOf(type, text);
}

/** Returns the key of an object of this type that is named by its global id, and any other text as it is. */
export function keyIfOf(type: NodeType, text: string): string {
  const [given, key] = readGlobalId(text);
  return given === type ? key : text;
}
