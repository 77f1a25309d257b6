import { defineConfig } from 'vitest/config';
import systemConfig from './vitest.system.config.ts';

// A router that is too large for the lock file. See test/supergraph/hive.test.ts.
export default defineConfig({
  ...systemConfig,
  test: {
    ...systemConfig.test,
    include: ['test/supergraph/hive.test.ts'],
    globalSetup: ['test/supergraph/install.ts'],
    hookTimeout: 600_000,
  },
});
