import type { FragmentDefinitionNode } from 'graphql';

/** The fragments of a document and which fragment spreads which. The empty name is that of all operations. */
export class FragmentGraph {
  /** By name. Without a prototype, since a client may name a fragment `__proto__`. */
  readonly definitions: Record<string, FragmentDefinitionNode> = Object.create(null);
  readonly #spreads = new Map<string, Set<string>>();

  get size(): number {
    return Object.keys(this.definitions).length;
  }

  add(definition: FragmentDefinitionNode): void {
    this.definitions[definition.name.value] = definition;
  }

  spread(from: string, to: string): void {
    const known = this.#spreads.get(from);
    if (known) known.add(to);
    else this.#spreads.set(from, new Set([to]));
  }

  /** True if a fragment contains itself. Visits each fragment once. */
  get isCyclic(): boolean {
    const done = new Set<string>();
    const open = new Set<string>();
    const closes = (name: string): boolean => {
      if (open.has(name)) return true;
      if (done.has(name)) return false;
      open.add(name);
      for (const next of this.#spreads.get(name) ?? []) if (closes(next)) return true;
      open.delete(name);
      done.add(name);
      return false;
    };
    return [...this.#spreads.keys()].some(closes);
  }

  /** The fragments that no operation uses, directly or through others. */
  get unused(): FragmentDefinitionNode[] {
    const used = new Set(['']);
    for (const name of used) for (const next of this.#spreads.get(name) ?? []) used.add(next);
    return Object.values(this.definitions).filter(({ name }) => !used.has(name.value));
  }
}
