import { z } from 'zod';
import { isCleanText } from './clean-text.ts';

/** Stands in the place of a link that must not be passed on: the field fails, its row does not. */
export const UNUSABLE_LINK = Symbol('unusable link');

/** A link as it came, or the mark of one that no client should open. */
export type Link = string | typeof UNUSABLE_LINK;

/** Which links are passed on. */
export type IsLink = (text: string) => boolean;

const LONGEST_LINK = 4_096;
const LOOPBACK = /^(localhost|127\.\d{1,3}\.\d{1,3}\.\d{1,3}|\[::1\])$/;

// WHATWG parsing skips spaces, tabs and line ends, so that `java\nscript:` has a scheme after all: none may be there.
const parse = (text: string) =>
  isCleanText(text, LONGEST_LINK) && !/\s|\\/.test(text) ? URL.parse(text) : null;

/** `https:` without a name and password in it, which would make one host look like another. */
export function isHttpsLink(text: string): boolean {
  const url = parse(text);
  return url?.protocol === 'https:' && url.username === '' && url.password === '';
}

/** The same, or `http:` on this machine: what a sandbox sends. */
export function isLocalLink(text: string): boolean {
  const url = parse(text);
  const isLoopback = url?.protocol === 'http:' && LOOPBACK.test(url.hostname);
  return isHttpsLink(text) || (isLoopback && url.username === '' && url.password === '');
}

/** Which links an upstream at this origin may send. */
export function linksOf(origin: string): IsLink {
  const url = URL.parse(origin);
  return url?.protocol === 'http:' && LOOPBACK.test(url.hostname) ? isLocalLink : isHttpsLink;
}

/** Reads a link by the rule that holds for its upstream. */
export const readLink = (text: string, isLink: IsLink): Link => (isLink(text) ? text : UNUSABLE_LINK);

export const linkModel = (isLink: IsLink) => z.string().transform((text) => readLink(text, isLink));
