import { expect, it } from 'vitest';
import { isOwnAddress, urlOf } from '../../../src/sandbox/http/listen-address.ts';

it.each([
  ['127.0.0.1', 'IPv4', 'http://127.0.0.1:80', true],
  ['127.0.0.2', 'IPv4', 'http://127.0.0.2:80', true],
  ['192.0.2.2', 'IPv4', 'http://192.0.2.2:80', false],
  ['0.0.0.0', 'IPv4', 'http://127.0.0.1:80', false],
  ['::1', 'IPv6', 'http://[::1]:80', true],
  ['::', 'IPv6', 'http://[::1]:80', false],
  ['2001:db8::1', 'IPv6', 'http://[2001:db8::1]:80', false],
])('a server at %s (%s) is called at %s', (address, family, url, isOwn) => {
  expect(urlOf({ address, family, port: 80 })).toBe(url);
  expect(isOwnAddress(address)).toBe(isOwn);
});
