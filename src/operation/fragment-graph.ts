import type { FragmentDefinitionNode } from 'graphql';

/** The fragments of a document and who names whom. The empty name stands for all operations. */
export class FragmentGraph {
  readonly definitions = new Map<string, FragmentDefinitionNode>();
  readonly #spreads = new Map<string, Set<string>>();

  spread(from: string, to: string): void {
    const known = this.#spreads.get(from);
    if (known) known.add(to);
    else this.#spreads.set(from, new Set([to]));
  }

  /** Whether a fragment contains itself. Looks at each fragment once. */
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

  /** The fragments that no operation reaches. */
  get unused(): FragmentDefinitionNode[] {
    const used = new Set(['']);
    for (const name of used) for (const next of this.#spreads.get(name) ?? []) used.add(next);
    return [...this.definitions.values()].filter(({ name }) => !used.has(name.value));
  }
}
