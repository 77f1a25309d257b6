import type { Send } from '../endpoint.ts';
import type { AnswerArchive } from './answer-archive.ts';

/** Notes each answer to a read in the archive, whoever asked. */
export function withArchive(send: Send, archive: AnswerArchive): Send {
  return async (request, call) => {
    const readAt = Date.now();
    const value = await send(request, call);
    if ('subject' in request && request.subject) archive.note(request.subject, { value, readAt });
    return value;
  };
}
