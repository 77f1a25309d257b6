import { isIPv4, isIPv6 } from 'node:net';

const MAPPED = [0, 0, 0, 0, 0, 0xffff].join();

/**
 * Returns an IP address in one spelling, so that two spellings of one address are equal: IPv6 as eight groups in lower
 * case without leading zeros, IPv4 mapped into IPv6 as IPv4, and no zone. Returns undefined for anything else.
 */
export function canonicalAddress(text: string): string | undefined {
  if (isIPv4(text)) return text;
  if (!isIPv6(text)) return undefined;
  const groups = groupsOf(text);
  if (groups.slice(0, 6).join() !== MAPPED) return groups.map((group) => group.toString(16)).join(':');
  const [high = 0, low = 0] = groups.slice(6);
  return [high >> 8, high & 255, low >> 8, low & 255].join('.');
}

/** Returns an IPv4 address, or the /64 of an IPv6 address: anyone who has one address of it has all of them. */
export function networkOf(address: string): string {
  const canonical = canonicalAddress(address) ?? address;
  return isIPv6(canonical) ? canonical.split(':').slice(0, 4).join(':') : canonical;
}

function groupsOf(address: string): number[] {
  const [text = ''] = address.split('%');
  const [head = [], tail] = text.split('::').map(readGroups);
  if (tail === undefined) return head;
  const zeros = Array<number>(8 - head.length - tail.length).fill(0);
  return [...head, ...zeros, ...tail];
}

function readGroups(text: string): number[] {
  if (text === '') return [];
  return text.split(':').flatMap((group) => {
    if (!group.includes('.')) return [Number.parseInt(group, 16)];
    const [a = 0, b = 0, c = 0, d = 0] = group.split('.').map(Number);
    return [a * 256 + b, c * 256 + d];
  });
}
