import type { IncomingMessage } from 'node:http';
import { describe, expect, it } from 'vitest';
import { parseAddressRanges } from '../../../src/config/network/address-ranges.ts';
import { createClientAddress } from '../../../src/server/http/client-address.ts';

const addressOf = createClientAddress(parseAddressRanges('10.0.0.0/8, 2001:db8:ff::/48'));
const ask = (remoteAddress: string, headers: IncomingMessage['headers']) =>
  addressOf({ socket: { remoteAddress }, headers } as unknown as IncomingMessage);
const PROXY = '10.0.0.1';
const CLIENT = '203.0.113.5';
const INVENTED = '6.6.6.6';

describe('the address of a client', () => {
  it('is that of its connection, whatever it writes about itself', () => {
    const headers = { forwarded: `for=${INVENTED}`, 'x-forwarded-for': INVENTED };
    expect(ask(CLIENT, headers)).toBe(CLIENT);
    expect(ask(`::ffff:${CLIENT}`, headers)).toBe(CLIENT);
    expect(
      createClientAddress()({ socket: { remoteAddress: PROXY }, headers } as unknown as IncomingMessage),
    ).toBe(PROXY);
    expect(addressOf(undefined)).toBe('');
  });

  it('is what the proxy itself appended, and not what the client wrote before it', () => {
    expect(ask(PROXY, { 'x-forwarded-for': `${INVENTED}, ${CLIENT}` })).toBe(CLIENT);
    expect(ask(`::ffff:${PROXY}`, { 'x-forwarded-for': `${INVENTED},${CLIENT}` })).toBe(CLIENT);
    expect(ask(PROXY, { forwarded: `for=${INVENTED};proto=http, for=${CLIENT};by=_edge` })).toBe(CLIENT);
  });

  it('is found past further trusted proxies', () => {
    const chain = [INVENTED, CLIENT, '10.2.2.2', '::ffff:10.3.3.3', '2001:db8:ff::9'];
    expect(ask(PROXY, { 'x-forwarded-for': chain.join(', ') })).toBe(CLIENT);
    const elements = chain.map((node) => (node.includes(':') ? `for="[${node}]:4711"` : `for=${node}`));
    expect(ask('2001:db8:ff::1', { forwarded: elements.join(',') })).toBe(CLIENT);
    expect(ask(PROXY, { 'x-forwarded-for': '10.9.9.9' })).toBe('10.9.9.9');
  });

  it.each(['', 'unknown', '_hidden', 'for', '256.1.1.1', '1.2.3', '[1.2.3.4]', '[::1', `${CLIENT}:123456`])(
    'ends at the proxy that reported %j',
    (node) => {
      expect(ask(PROXY, { 'x-forwarded-for': `${INVENTED}, ${node}` })).toBe(PROXY);
      expect(ask(PROXY, { 'x-forwarded-for': `${INVENTED}, ${node}, 10.2.2.2` })).toBe('10.2.2.2');
      expect(ask(PROXY, { forwarded: `for=${INVENTED}, for="${node}"` })).toBe(PROXY);
    },
  );

  it.each([
    [`for=${CLIENT}`, CLIENT],
    [`FOR="${CLIENT}:4711"`, CLIENT],
    [`for="${CLIENT}:_port"`, CLIENT],
    ['for="[2001:DB8::1]"', '2001:db8:0:0:0:0:0:1'],
    ['for="[2001:db8::1]:4711"', '2001:db8:0:0:0:0:0:1'],
    [`for="203.0.113\\.5"`, CLIENT],
    [`proto=https ; for=${CLIENT} ; host="a,b;for=${INVENTED}\\""`, CLIENT],
    [`, ,for=${CLIENT},`, CLIENT],
    ['by=_edge', PROXY],
    ['for=unknown', PROXY],
  ])('is read from Forwarded: %s', (forwarded, expected) => {
    expect(ask(PROXY, { forwarded })).toBe(expected);
  });

  it.each([
    `for=${INVENTED};for=${CLIENT}`,
    `by=", for=${CLIENT}`,
    `by=", for="[2001:db8::1]"`,
    `for=2001:db8::1`,
    `for = ${INVENTED}`,
    `for=${INVENTED} x`,
    `for=`,
    `for`,
    `for=${INVENTED}, "x"`,
    `for="${INVENTED}\\`,
  ])('is not read from an invalid Forwarded: %s', (forwarded) => {
    expect(ask(PROXY, { forwarded })).toBe(PROXY);
  });

  it('cannot be chosen by the header that the proxy passes on unread', () => {
    const real = `${INVENTED}, ${CLIENT}`;
    expect(ask(PROXY, { 'x-forwarded-for': real, forwarded: `for=${INVENTED}` })).toBe(PROXY);
    expect(ask(PROXY, { 'x-forwarded-for': INVENTED, forwarded: `for=${CLIENT}` })).toBe(PROXY);
    expect(ask(PROXY, { 'x-forwarded-for': real, forwarded: 'for="broken' })).toBe(PROXY);
    expect(ask(PROXY, { 'x-forwarded-for': real, forwarded: `for=${CLIENT}` })).toBe(CLIENT);
  });

  it('is found in bounded time in a long chain', () => {
    const startedAt = performance.now();
    const chain = Array<string>(100_000).fill('10.1.1.1').join(',');
    expect(ask(PROXY, { 'x-forwarded-for': `${INVENTED},${chain}` })).toBe('10.1.1.1');
    expect(ask(PROXY, { forwarded: `for="${'\\"'.repeat(100_000)}` })).toBe(PROXY);
    expect(performance.now() - startedAt).toBeLessThan(500);
  });
});
