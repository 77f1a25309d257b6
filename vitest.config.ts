import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

// Pothos loads the CommonJS build of graphql, and graphql refuses types that another copy of it has made.
export const oneGraphql = [
  {
    find: /^graphql$/,
    replacement: fileURLToPath(import.meta.resolve('graphql').replace(/index\.m?js$/, 'index.js')),
  },
];

export default defineConfig({
  resolve: { alias: oneGraphql },
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/system/**', 'test/clients/**', 'test/supergraph/**'],
    testTimeout: 20_000,
    globalSetup: ['test/support/umask.ts'],
    // vitest would leave one core to itself, which on two cores is half of them.
    maxWorkers: availableParallelism(),
    reporters: ['default'],
  },
});
