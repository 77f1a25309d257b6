import { isAbsolute, posix, relative, sep } from 'node:path';
import type { Plugin } from 'vite';

/**
 * Gives each module of `folder` the URL that it has outside the bundle, by which it finds the files of the package and
 * the file of its thread. Fails on any other module that asks for its own URL, since nobody has looked at what for.
 */
export function originalUrls(folder: string): Plugin {
  return {
    name: 'original-urls',
    transform(code, id) {
      // The bundler's own helper looks for modules of Node only, and is no file.
      if (!isAbsolute(id) || !code.includes('import.meta.url')) return undefined;
      const path = relative(folder, id).split(sep).join(posix.sep);
      if (path.startsWith('..')) throw new Error(`${id} uses import.meta.url, which the bundle changes`);
      const url = `new URL(${JSON.stringify(`../${path}`)}, import.meta.url).href`;
      return { code: code.replaceAll('import.meta.url', `(${url})`), map: null };
    },
  };
}
