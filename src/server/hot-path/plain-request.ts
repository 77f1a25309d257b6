import type { IncomingMessage } from 'node:http';
import { isLoopback } from '../../config/network/loopback.ts';
import { answerTypeFor, isJsonText } from '../http/media-type.ts';
import { isEncoded } from '../http/use-content-type.ts';

/** A longer body is read by the general way alone: reading it twice, if it is refused, would hold up others. */
const LONGEST_BODY = 64 * 1024;

interface PlainRequestOptions {
  readonly path: string;
  readonly maxBodyBytes: number;
  readonly corsOrigins: readonly string[];
  /** Anyone who can reach the port is served, but no page of another host. */
  readonly open: boolean;
}

/**
 * Returns a test for the requests that nearly all clients send: a POST of JSON with a known length, from no page of another
 * site, for an answer in JSON. What it refuses may still be valid.
 */
export function createPlainRequestTest(options: PlainRequestOptions): (request: IncomingMessage) => boolean {
  const { path, maxBodyBytes, corsOrigins, open } = options;
  const most = Math.min(maxBodyBytes, LONGEST_BODY);
  let loopback: string | undefined;
  const isHere = (host: string | undefined) => {
    if (!open || (host !== undefined && host === loopback)) return true;
    if (!isLoopback(URL.parse(`http://${host}`)?.hostname ?? '')) return false;
    loopback = host;
    return true;
  };
  return ({ method, url, headers }) => {
    const { 'content-length': length, 'sec-fetch-site': site, origin = '' } = headers;
    return (
      method === 'POST' &&
      url === path &&
      length !== undefined &&
      Number(length) <= most &&
      headers['transfer-encoding'] === undefined &&
      isJsonText(headers['content-type'] ?? null) &&
      !isEncoded(headers['content-encoding']) &&
      answerTypeFor(headers.accept ?? null) !== undefined &&
      ((site !== 'cross-site' && site !== 'same-site') || corsOrigins.includes(origin)) &&
      isHere(headers.host)
    );
  };
}
