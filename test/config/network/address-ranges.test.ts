import { describe, expect, it } from 'vitest';
import { parseAddressRanges } from '../../../src/config/network/address-ranges.ts';
import { canonicalAddress, networkOf } from '../../../src/config/network/ip-address.ts';

describe('address ranges', () => {
  const ranges = parseAddressRanges('10.0.0.0/8, 192.0.2.7,2001:DB8::/32 , ::1, ::ffff:198.51.100.0/120');

  it.each(['10.255.0.1', '192.0.2.7', '2001:db8:ffff::1', '::1', '198.51.100.9'])('hold %s', (address) => {
    expect(ranges?.has(address)).toBe(true);
  });

  it.each(['11.0.0.1', '192.0.2.8', '2001:db9::1', '::2', '198.51.101.9', '', 'unknown'])(
    'do not hold %j',
    (address) => {
      expect(ranges?.has(address)).toBe(false);
    },
  );

  it.each([
    '',
    ',',
    '10.0.0.0/8,',
    '10.0.0.0/33',
    '10.0.0.0/0',
    '0.0.0.0/0',
    '::/0',
    '::ffff:0.0.0.0/96',
    '2001:db8::/129',
    '10.0.0.0/08',
    '10.0.0.0/-1',
    '10.0.0.0/8/8',
    '10.0.0/8',
    '300.1.1.1',
    '010.0.0.1',
    '[::1]',
    'fe80::1%eth0',
    'proxy.example',
    '*',
    '10.0.0.1:80',
    '10.0.0.1 10.0.0.2',
  ])('refuse %j', (text) => {
    expect(parseAddressRanges(text)).toBeUndefined();
  });
});

describe('an address', () => {
  it.each([
    ['2001:DB8::0001', '2001:db8:0:0:0:0:0:1'],
    ['::', '0:0:0:0:0:0:0:0'],
    ['1::', '1:0:0:0:0:0:0:0'],
    ['1:2:3:4:5:6:7::', '1:2:3:4:5:6:7:0'],
    ['64:ff9b::192.0.2.1', '64:ff9b:0:0:0:0:c000:201'],
    ['fe80::1%eth0', 'fe80:0:0:0:0:0:0:1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['::FFFF:c000:0201', '192.0.2.1'],
    ['192.0.2.1', '192.0.2.1'],
    ['192.0.2.01', undefined],
    ['example', undefined],
  ])('%s is %s in its one spelling', (text, expected) => {
    expect(canonicalAddress(text)).toBe(expected);
  });

  it('of IPv6 belongs to the network of its first 64 bits', () => {
    expect(networkOf('2001:db8::1')).toBe(networkOf('2001:0DB8:0:0:ffff::'));
    expect(networkOf('2001:db8::1')).not.toBe(networkOf('2001:db8:0:1::1'));
    expect(networkOf('::ffff:192.0.2.1')).toBe('192.0.2.1');
    expect(networkOf('192.0.2.1')).not.toBe(networkOf('192.0.2.2'));
    expect(networkOf('')).toBe('');
  });
});
