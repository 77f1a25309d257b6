import { z } from 'zod';
import { isCleanText } from './clean-text.ts';

/** Replaces a link that must not be passed on: the field fails, but its row does not. */
export const UNUSABLE_LINK = Symbol('unusable link');

/** A link that clients may open, or the mark of one that they must not. */
export type Link = string | typeof UNUSABLE_LINK;

/** Which links are passed on. */
export type IsLink = (text: string) => boolean;

const LONGEST_LINK = 4_096;
const LOOPBACK = /^(localhost|127\.\d{1,3}\.\d{1,3}\.\d{1,3}|\[::1\])$/;

// WHATWG parsing ignores tabs and line ends, so that `java\nscript:` would have a scheme. No white space is allowed.
const parse = (text: string) =>
  isCleanText(text, LONGEST_LINK) && !/\s|\\/.test(text) ? URL.parse(text) : null;

/** Whether it is an `https:` link without user name and password, which can make one host look like another. */
export function isHttpsLink(text: string): boolean {
  const url = parse(text);
  return url?.protocol === 'https:' && url.username === '' && url.password === '';
}

/** Whether it is such a link, or an `http:` link to this machine, as a sandbox sends it. */
export function isLocalLink(text: string): boolean {
  const url = parse(text);
  const isLoopback = url?.protocol === 'http:' && LOOPBACK.test(url.hostname);
  return isHttpsLink(text) || (isLoopback && url.username === '' && url.password === '');
}

/** Returns the rule for links of an upstream at this origin. */
export function linksOf(origin: string): IsLink {
  const url = URL.parse(origin);
  return url?.protocol === 'http:' && LOOPBACK.test(url.hostname) ? isLocalLink : isHttpsLink;
}

/** Returns the link if the rule of its upstream allows it. */
export const readLink = (text: string, isLink: IsLink): Link => (isLink(text) ? text : UNUSABLE_LINK);

/** A link of the upstream. One that is not even text must not be passed on either. */
export const linkModel = (isLink: IsLink) =>
  z
    .unknown()
    .optional()
    .transform((value): Link => (typeof value === 'string' ? readLink(value, isLink) : UNUSABLE_LINK));
