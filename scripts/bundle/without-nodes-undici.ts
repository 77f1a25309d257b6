import type { Plugin } from 'vite';

const HTTP = /^(node:)?http$/;
const REQUIRED = '\0required-http';
/** The names that are imported somewhere; the build fails on others. */
const SOURCE = `import { createRequire } from 'node:module';
export const { createServer, STATUS_CODES, validateHeaderName, validateHeaderValue } =
  createRequire(import.meta.url)('node:http');
`;
const ADAPTER = /@whatwg-node\/server\/.*\/createServerAdapter\.js$/;
const COMPARISON = 'fetchAPI.Request !== globalThis.Request';

/**
 * Keeps Node from loading its own copy of undici (15 MB, 40 ms), which is never used here. Node loads it when code reads
 * `globalThis.Request` or `http.WebSocket`.
 *
 * - An import of `node:http` reads all of its exports, and `require` reads none. `process.getBuiltinModule` would do as well,
 *   but OpenTelemetry's hooks may not see it.
 * - Yoga's server asks whether its `Request` is another one than Node's. It always is.
 */
export function withoutNodesUndici(): Plugin {
  let isAdapterFound = false;
  return {
    name: 'without-nodes-undici',
    enforce: 'pre',
    resolveId: (name, _importer, { kind }) =>
      HTTP.test(name) && kind === 'import-statement' ? REQUIRED : undefined,
    load: (id) => (id === REQUIRED ? SOURCE : undefined),
    transform(code, id) {
      if (!ADAPTER.test(id) || !code.includes(COMPARISON)) return undefined;
      isAdapterFound = true;
      return { code: code.replace(COMPARISON, 'true'), map: null };
    },
    buildEnd(error) {
      if (!error && !isAdapterFound)
        throw new Error(
          `nothing contains ${COMPARISON} any more: see scripts/bundle/without-nodes-undici.ts`,
        );
    },
  };
}
