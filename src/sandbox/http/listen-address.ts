import type { AddressInfo } from 'node:net';

/** Where a program on this machine reaches a server; "every address" is no address to call, so it is the loopback one. */
export function urlOf({ address, family, port }: AddressInfo): string {
  if (address === '0.0.0.0') return `http://127.0.0.1:${port}`;
  if (address === '::') return `http://[::1]:${port}`;
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
}

/** Whether only this machine reaches what listens on the address. */
export function isOwnAddress(address: string): boolean {
  return address === '::1' || address.startsWith('127.');
}
