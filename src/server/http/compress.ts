import { promisify } from 'node:util';
import zlib from 'node:zlib';
import type { FetchAPI } from 'graphql-yoga';
import { encodingFor } from './media-type.ts';

/** A shorter answer fits in one packet anyway. */
const SHORTEST = 1_024;

type Compress = (bytes: Uint8Array) => Promise<Buffer<ArrayBuffer>>;
type CompressWith<Options> = (bytes: Uint8Array, options: Options) => Promise<Buffer<ArrayBuffer>>;

const brotli = promisify(zlib.brotliCompress) as CompressWith<zlib.BrotliOptions>;
const gzip = promisify(zlib.gzip) as CompressWith<zlib.ZlibOptions>;

/** In order of preference, see docs/decisions/0021-compression.md. Node before 22.15 has no zstd. */
const encodings = new Map<string, Compress>();
if (zlib.zstdCompress) encodings.set('zstd', promisify(zlib.zstdCompress) as Compress);
encodings.set('br', (bytes) => brotli(bytes, { params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 4 } }));
encodings.set('gzip', (bytes) => gzip(bytes, { level: 4 }));

const offered = [...encodings.keys()];

/** An encoding that a client accepts. */
export interface Encoding {
  readonly name: string;
  /** Compresses in the threads of Node. */
  readonly compress: Compress;
}

/** Returns how to compress an answer of this length; undefined if it is short or its client accepts nothing. */
export function chooseEncoding(
  acceptEncoding: string | null | undefined,
  length: number,
): Encoding | undefined {
  if (length < SHORTEST) return undefined;
  const name = encodingFor(acceptEncoding ?? null, offered);
  const compress = name && encodings.get(name);
  return compress ? { name: name ?? '', compress } : undefined;
}

/** Returns how to compress the answer to a request, in the threads of Node; undefined if its client accepts nothing. */
export function compressionFor(
  acceptEncoding: string | null,
): ((response: Response, fetchAPI: FetchAPI) => Promise<Response>) | undefined {
  const encoding = encodingFor(acceptEncoding, offered);
  const compress = encoding && encodings.get(encoding);
  if (!compress) return undefined;
  return async (response, fetchAPI) => {
    const { status, statusText, headers } = response;
    if (Number(headers.get('content-length') ?? 0) < SHORTEST) return response;
    const body = await compress(new Uint8Array(await response.arrayBuffer()));
    return new fetchAPI.Response(body, {
      status,
      statusText,
      headers: {
        ...Object.fromEntries(headers),
        'content-encoding': encoding,
        'content-length': String(body.length),
        vary: 'Accept-Encoding',
      },
    });
  };
}
