import type { IncomingHttpHeaders } from 'node:http';
import { isIP } from 'node:net';

export interface Refusal {
  readonly status: 403 | 421;
  readonly message: string;
}

/** Returns why a request must not be served, or undefined when it may be. */
export type Guard = (method: string, headers: IncomingHttpHeaders) => Refusal | undefined;

// Names that the public DNS never has (source: RFC 6761, RFC 6762 and ICANN's decision on .internal), so that nobody
// else can point one of them at this machine.
const PRIVATE_NAME = /^[^.]*$|\.(localhost|local|internal|test)$/;

/**
 * Keeps a page on the internet from controlling a sandbox through the browser of the person who runs it. A browser sends
 * the site that a form or a script comes from, so requests from another site are refused. It also sends the host name,
 * so a public name that resolves to this machine (DNS rebinding) is refused. Programs without these headers, such as
 * curl, pass.
 */
export function createGuard(boundHost: string): Guard {
  return (method, headers) => {
    const { host = '', origin } = headers;
    const name = nameOf(host);
    if (isIP(name) === 0 && !PRIVATE_NAME.test(name) && name !== boundHost.toLowerCase()) {
      return {
        status: 421,
        message:
          'Control routes and pages accept only localhost, IP addresses and names of a private network as host.',
      };
    }
    if (method === 'GET' || method === 'HEAD') return undefined;
    const site = headers['sec-fetch-site'];
    const isOwn =
      site === undefined
        ? origin === undefined || origin.toLowerCase() === `http://${host.toLowerCase()}`
        : site === 'same-origin' || site === 'none';
    return isOwn
      ? undefined
      : { status: 403, message: 'A page of another site cannot change anything here.' };
  };
}

/** Host name of a Host header: without its port, and an IPv6 address without its brackets. */
function nameOf(host: string): string {
  const [, address] = /^\[([^\]]*)\](?::\d*)?$/.exec(host) ?? [];
  return (address ?? host.replace(/:\d*$/, '')).toLowerCase();
}
