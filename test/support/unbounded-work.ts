import type { Work } from '../../src/resolvers/context.ts';

/** For use cases that are tested without an operation around them. */
export const unboundedWork: Work = {
  isSmall: true,
  list: (rows) => rows,
  object: (value) => value,
  scan: () => undefined,
};
