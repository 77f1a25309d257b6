import type { ChangePlace } from '../../directory/changes/change.ts';
import type { ChangeStream, StreamedChange } from '../../directory/changes/stream.ts';
import type { RequestContext } from '../context.ts';
import { directoryOf } from '../directory-page.ts';
import { changeCursor, readChangeCursor } from './change-cursor.ts';
import { type ChangeFilter, readChangeFilter, refuseExpired, type ShownChange, shown } from './changes.ts';

export interface ChangeEventsArguments {
  readonly after?: string | null | undefined;
  readonly filter?: ChangeFilter | null | undefined;
}

/** Below the time-outs of common proxies, which are 30 seconds and more. */
const HEARTBEAT_MS = 10_000;

/** An event of the subscription: a change, or only a cursor. */
export interface ChangeEvent {
  readonly cursor: string;
  readonly change: ShownChange | null;
  readonly caughtUp: boolean;
}

/**
 * Follows the changes of the tenant after a cursor, or from now on. The cursor of a client that reconnects takes precedence:
 * browsers repeat the first one. Makes no call. Throws `DIRECTORY_UNAVAILABLE` and `CURSOR_EXPIRED`.
 */
export async function changeEvents(
  { after, filter }: ChangeEventsArguments,
  context: RequestContext,
): Promise<ChangeStream> {
  const { resumeAfter } = context;
  const place: ChangePlace | undefined =
    resumeAfter === undefined
      ? readChangeCursor('after', after)
      : readChangeCursor('Last-Event-ID', resumeAfter);
  const conditions = readChangeFilter(filter);
  return directoryOf(context)
    .followChanges(place, { conditions, heartbeatMs: HEARTBEAT_MS })
    .catch(refuseExpired);
}

/** Returns the event as the schema shows it. */
export const changeEvent = ({ place, change, caughtUp }: StreamedChange): ChangeEvent => ({
  cursor: changeCursor(place),
  change: change ? shown(change, place.epoch) : null,
  caughtUp,
});
