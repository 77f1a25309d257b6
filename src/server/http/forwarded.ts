import { canonicalAddress } from '../../config/network/ip-address.ts';

/** An address that a proxy reported; undefined if it is not an IP address. */
export type Hop = string | undefined;

const TOKEN = /[!#$%&'*+\-.^_`|~\w]+/y;
const QUOTED = /"((?:[\t \x21\x23-\x5b\x5d-\x7e\x80-\xff]|\\[\t\x20-\x7e\x80-\xff])*)"/y;
const BLANK = /[ \t]*/y;

/**
 * Reads the `for` parameters of a `Forwarded` header (RFC 7239), the client first. Returns undefined if any part of the
 * header is invalid: an open quote of the client would otherwise hide what the proxy appended.
 */
export function readForwarded(header: string): Hop[] | undefined {
  const hops: Hop[] = [];
  let at = 0;
  const take = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    const match = pattern.exec(header);
    if (match) at = pattern.lastIndex;
    return match;
  };
  let names = new Map<string, string>();
  const endElement = () => {
    if (names.size > 0) hops.push(readNode(names.get('for') ?? ''));
    names = new Map();
  };
  for (;;) {
    take(BLANK);
    const name = take(TOKEN)?.[0].toLowerCase();
    if (name !== undefined) {
      if (header[at++] !== '=' || names.has(name)) return undefined;
      const quoted = take(QUOTED);
      const value = quoted ? quoted[1]?.replace(/\\(.)/g, '$1') : take(TOKEN)?.[0];
      if (value === undefined) return undefined;
      names.set(name, value);
      take(BLANK);
    }
    const next = header[at++];
    if (next === ';') continue;
    if (next !== ',' && next !== undefined) return undefined;
    endElement();
    if (next === undefined) return hops;
  }
}

/** Reads the last addresses of an `X-Forwarded-For` header, the client first. Without a standard, some proxies add ports and brackets. */
export function readForwardedFor(header: string, maxHops: number): Hop[] {
  const parts = header.split(',').slice(-maxHops);
  return parts.map((part) => canonicalAddress(part.trim()) ?? readNode(part.trim()));
}

/** Reads `192.0.2.1`, `192.0.2.1:4711`, `[2001:db8::1]` or `[2001:db8::1]:4711`; `unknown` and `_hidden` are not addresses. */
function readNode(node: string): Hop {
  const [, bracketed, plain] = /^(?:\[([^\]]+)\]|([\d.]+))(?::(?:\d{1,5}|_[\w.-]+))?$/.exec(node) ?? [];
  if (bracketed !== undefined) return bracketed.includes(':') ? canonicalAddress(bracketed) : undefined;
  return plain === undefined ? undefined : canonicalAddress(plain);
}
