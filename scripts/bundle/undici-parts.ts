import type { Plugin } from 'vite';

const INDEX = /[\\/]node_modules[\\/]undici[\\/]index\.js$/;
const UNUSED = /^\.\/lib\/(web|mock|cache|interceptor)\//;
const EMPTY = '\0unused-part-of-undici';
/** The index makes one of these when it is loaded. */
const SOURCE = 'module.exports = { CacheStorage: class {} };';

/**
 * Leaves out what only the index of undici loads: its `fetch`, WebSocket, caches, interceptors and mocks. The gateway uses
 * its `Pool`, `Agent` and `request`; these load what they need of the same folders themselves.
 */
export function undiciParts(): Plugin {
  return {
    name: 'undici-parts',
    enforce: 'pre',
    resolveId: (name, importer) => (UNUSED.test(name) && INDEX.test(importer ?? '') ? EMPTY : undefined),
    load: (id) => (id === EMPTY ? SOURCE : undefined),
  };
}
