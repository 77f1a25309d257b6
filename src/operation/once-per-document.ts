import type { DocumentNode } from 'graphql';

/** Returns `make` with its result remembered as long as the document. `make` must depend on the document alone. */
export function oncePerDocument<T>(make: (document: DocumentNode) => T): (document: DocumentNode) => T {
  const results = new WeakMap<DocumentNode, { readonly value: T }>();
  return (document) => {
    const known = results.get(document);
    if (known) return known.value;
    const value = make(document);
    results.set(document, { value });
    return value;
  };
}
