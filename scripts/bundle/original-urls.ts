import { isAbsolute, posix, relative, sep } from 'node:path';
import type { Plugin } from 'vite';

/** Placeholder for the URL of the bundle's folder, replaced once each module has its file. */
const FOLDER = '__FOLDER_OF_THE_BUNDLE__';

/**
 * Gives each module of `folder` the URL that it would have if the bundle's folder had the same files. By it, a module
 * finds the files of the package, and the entries of the bundle that run in threads and processes of their own. Fails on
 * any other module that asks for its own URL, since nobody has looked at what for.
 */
export function originalUrls(folder: string): Plugin {
  return {
    name: 'original-urls',
    transform(code, id) {
      // The bundler's own helper looks for modules of Node only, and is no file.
      if (!isAbsolute(id) || !code.includes('import.meta.url')) return undefined;
      const path = relative(folder, id).split(sep).join(posix.sep);
      if (path.startsWith('..')) throw new Error(`${id} uses import.meta.url, which the bundle changes`);
      const url = `new URL(${JSON.stringify(path)}, ${FOLDER}).href`;
      return { code: code.replaceAll('import.meta.url', `(${url})`), map: null };
    },
    generateBundle(_options, bundle) {
      for (const output of Object.values(bundle)) {
        if (output.type !== 'chunk') continue;
        const up = '../'.repeat(output.fileName.split('/').length - 1) || './';
        output.code = output.code.replaceAll(FOLDER, `new URL('${up}', import.meta.url)`);
      }
    },
  };
}
