import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';
import { packageLicences } from '../../graphiql/build/package-licences.ts';
import { asciiText } from './ascii-text.ts';
import { originalUrls } from './original-urls.ts';
import { undiciParts } from './undici-parts.ts';
import { withoutNodesUndici } from './without-nodes-undici.ts';

// Bundles dist and the packages that it needs into the folder `bundle`: a few files instead of 1,700 start faster and take
// less memory (docs/decisions/0033-memory-and-start.md). Commands and features that are loaded on demand stay files of their own.

const folder = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const dist = folder('../../dist/');
/** What runs as a process or thread of its own. The first is the command. */
const entries = ['main', 'workers/worker/worker-process', 'store/directory/directory-worker'];
const licences = packageLicences();

export default defineConfig({
  root: folder('../../'),
  publicDir: false,
  logLevel: 'warn',
  plugins: [
    withoutNodesUndici(),
    undiciParts(),
    originalUrls(dist),
    licences.collect(),
    licences.write(),
    asciiText(),
  ],
  resolve: {
    // One copy of each package, as modules, of which unused parts can be left out.
    mainFields: ['module', 'main'],
    conditions: ['node', 'import', 'module', 'default'],
  },
  ssr: { noExternal: true, target: 'node' },
  build: {
    ssr: true,
    outDir: folder('../../bundle'),
    target: 'node22',
    // Names stay readable in stack traces.
    minify: false,
    reportCompressedSize: false,
    chunkSizeWarningLimit: 4_000,
    rolldownOptions: {
      input: Object.fromEntries(entries.map((name) => [name, `${dist}${name}.js`])),
      output: { entryFileNames: '[name].js', chunkFileNames: '[name].[hash].js', comments: false },
      checks: { pluginTimings: false },
    },
  },
});
