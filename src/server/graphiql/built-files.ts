import { readFile, stat } from 'node:fs/promises';
import { HttpError } from '../errors/http-error.ts';
import { encodingOf, type Sendable } from './sendable.ts';
import { readSharedBytes } from './shared-bytes.ts';

/** The same from `src` and from `dist`. */
export const builtFolder = new URL('../../../graphiql/built/', import.meta.url);
/** A name with the hash of its content. Nothing else can be asked for, so no path leads out of the folder. */
const ASSET = /^\/graphiql\/([a-z][\w-]*(?:\.worker)?\.[\w-]{8}\.(js|css|ttf))$/i;
const TYPES: Readonly<Record<string, string>> = {
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  ttf: 'font/ttf',
};
const SUFFIXES = { br: '.br', gzip: '.gz', identity: '' };

/** Returns the file that a path names, in the encoding that the client prefers; undefined if there is none. */
export async function findAsset(path: string, acceptEncoding: string | null): Promise<Sendable | undefined> {
  const [, name = '', ending = ''] = ASSET.exec(path) ?? [];
  const type = TYPES[ending];
  if (!type) return undefined;
  const encoding = encodingOf(acceptEncoding);
  const file = new URL(name + SUFFIXES[encoding], builtFolder);
  const found = await stat(file).catch(absent);
  return found && { type, encoding, length: found.size, read: () => readSharedBytes(file) };
}

/** Returns the HTML of the page as it was built. Throws `HttpError` if it was not. */
export async function readTemplate(folder: URL): Promise<string> {
  const html = await readFile(new URL('index.html', folder), 'utf8').catch(absent);
  if (html !== undefined) return html;
  throw new HttpError('INTERNAL', {
    status: 503,
    message:
      'GraphiQL was not built. Run npm ci with the development dependencies, or install the published package.',
  });
}

function absent(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}
