import { isIPv4 } from 'node:net';

/** Returns whether a host name or address, as in a URL or in `HOST`, can only be this machine. */
export function isLoopback(host: string): boolean {
  return (
    host === 'localhost' || host === '::1' || host === '[::1]' || (isIPv4(host) && host.startsWith('127.'))
  );
}
