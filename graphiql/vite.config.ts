import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';
import { packageLicences } from './build/package-licences.ts';
import { precompress } from './build/precompress.ts';

const names = {
  entryFileNames: '[name].[hash].js',
  chunkFileNames: '[name].[hash].js',
  assetFileNames: '[name].[hash][extname]',
};
const licences = packageLicences();

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  base: '/graphiql/',
  publicDir: false,
  logLevel: 'warn',
  plugins: [licences.collect(), licences.write(), precompress()],
  worker: { format: 'es', plugins: () => [licences.collect()], rolldownOptions: { output: names } },
  build: {
    outDir: 'built',
    target: 'es2022',
    // A font in the style sheet would be loaded by those who need only the style.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    chunkSizeWarningLimit: 4_000,
    rolldownOptions: {
      output: names,
      checks: { pluginTimings: false },
      onwarn(warning, warn) {
        // `use client` has no meaning here, and a dozen files begin with it.
        if (warning.code !== 'MODULE_LEVEL_DIRECTIVE') warn(warning);
      },
    },
  },
});
