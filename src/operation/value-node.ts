import { Kind, type ValueNode } from 'graphql';

/** Returns how deep lists and objects are nested in a value; 0 for a value that is neither. */
export function valueDepth(value: ValueNode): number {
  let depth = 0;
  for (let level: readonly ValueNode[] = [value]; level.length > 0; depth++) level = level.flatMap(itemsOf);
  return depth - 1;
}

export function containsVariable(value: ValueNode): boolean {
  return value.kind === Kind.VARIABLE || itemsOf(value).some(containsVariable);
}

function itemsOf(value: ValueNode): readonly ValueNode[] {
  if (value.kind === Kind.LIST) return value.values;
  return value.kind === Kind.OBJECT ? value.fields.map((field) => field.value) : [];
}
