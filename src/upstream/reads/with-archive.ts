import type { Send } from '../endpoint.ts';
import type { AnswerArchive } from './answer-archive.ts';

/** Records the answer to every read in the archive, no matter who asked. */
export function withArchive(send: Send, archive: AnswerArchive): Send {
  return async (request, call) => {
    const readAt = Date.now();
    const value = await send(request, call);
    if ('subject' in request && request.subject) archive.note(request.subject, { value, readAt });
    return value;
  };
}
