import { BlockList, isIP, isIPv4 } from 'node:net';
import { canonicalAddress } from './ip-address.ts';

/** A set of IP addresses. */
export interface AddressRanges {
  has(address: string): boolean;
  /** What it was read from. */
  readonly text: string;
}

export const noAddresses: AddressRanges = { has: () => false, text: '' };

const BITS_OF_MAPPED_PREFIX = 96;

/**
 * Reads addresses and CIDR ranges that are separated by commas. Returns undefined when one of them is invalid, or when
 * one contains every address: any client could then claim any address.
 */
export function parseAddressRanges(text: string): AddressRanges | undefined {
  const list = new BlockList();
  for (const item of text.split(',')) if (!addRange(list, item.trim())) return undefined;
  return { text, has: (address) => isIP(address) > 0 && list.check(address, familyOf(address)) };
}

function addRange(list: BlockList, item: string): boolean {
  const [, base = '', length] = /^([^/]+)(?:\/([1-9]\d{0,2}))?$/.exec(item) ?? [];
  const address = base.includes('%') ? undefined : canonicalAddress(base);
  if (address === undefined) return false;
  const isMapped = isIPv4(address) && !isIPv4(base);
  const most = isIPv4(address) ? 32 : 128;
  const prefix = length === undefined ? most : Number(length) - (isMapped ? BITS_OF_MAPPED_PREFIX : 0);
  if (prefix < 1 || prefix > most) return false;
  list.addSubnet(address, prefix, familyOf(address));
  return true;
}

const familyOf = (address: string) => (isIPv4(address) ? 'ipv4' : 'ipv6');
