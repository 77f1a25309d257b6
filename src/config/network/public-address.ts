import { BlockList, isIPv4 } from 'node:net';
import { canonicalAddress } from './ip-address.ts';

/** Addresses of one machine, one network or nobody, from the registries of IANA for special addresses. */
const SPECIAL = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/3',
  // Everything that is not global unicast, and what of it leads to addresses of IPv4 or to nobody.
  '::/3',
  '4000::/2',
  '8000::/1',
  '2001::/23',
  '2001:db8::/32',
  '2002::/16',
  '3fff::/20',
] as const;

// A list of both would take ::/3 for every IPv4 address.
const special = { ipv4: new BlockList(), ipv6: new BlockList() };
for (const range of SPECIAL) {
  const [base = '', length] = range.split('/');
  const family = familyOf(base);
  special[family].addSubnet(base, Number(length), family);
}

/** Whether an IP address is one of the public internet. */
export function isPublicAddress(address: string): boolean {
  const canonical = canonicalAddress(address);
  if (canonical === undefined) return false;
  const family = familyOf(canonical);
  return !special[family].check(canonical, family);
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIPv4(address) ? 'ipv4' : 'ipv6';
}
