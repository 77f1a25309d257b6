import { defineConfig } from 'vitest/config';
import { oneGraphql } from './vitest.config.ts';

// What needs a program that npm cannot install. A missing one is a failure that names it, never a skipped test.
export default defineConfig({
  resolve: { alias: oneGraphql },
  test: {
    include: ['test/system/**/*.test.ts', 'test/clients/*.test.ts', 'test/supergraph/apollo.test.ts'],
    globalSetup: ['test/clients/install.ts', 'test/supergraph/install.ts'],
    // The example uses the graphql of its own package.
    server: { deps: { external: [/examples\/supergraph/] } },
    testTimeout: 60_000,
    hookTimeout: 60_000,
    fileParallelism: false,
    reporters: ['default'],
  },
});
