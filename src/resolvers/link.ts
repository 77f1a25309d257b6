import { UpstreamContractError } from '../upstream/errors.ts';
import { type Link, UNUSABLE_LINK } from '../upstream/models/link.ts';

/** Returns a link of the upstream. Throws {@link UpstreamContractError} for a link that no client should open. */
export function linkOf(link: Link | null | undefined, route: string): string | null {
  if (link === UNUSABLE_LINK) throw new UpstreamContractError('the link is not an https URL', { route });
  return link ?? null;
}
