import type { ServerResponse } from 'node:http';

/** How to send a body: `body`, then spaces up to `total` bytes. */
export interface BodyStream {
  body: Buffer;
  total: number;
  drip?: { bytes: number; everyMs: number } | undefined;
  stallMs: number;
  /** Called before the last byte is sent. */
  onLast(): void;
}

const PIECE = 65_536;
// A fast reader could keep one turn of the event loop busy for the whole of a large body.
const PIECES_PER_TURN = 16;

/** Sends a body in chunks, never faster than the client reads, until all is sent or the client leaves. */
export function streamBody(
  response: ServerResponse,
  { body, total, drip, stallMs, onLast }: BodyStream,
): void {
  const size = drip?.bytes ?? PIECE;
  const spaces = Buffer.alloc(Math.min(size, Math.max(0, total - body.length)), ' ');
  let sent = 0;
  let timer: NodeJS.Timeout | undefined;
  let turn: NodeJS.Immediate | undefined;

  const nextPiece = (): Buffer => {
    const length = Math.min(size, total - sent);
    const own = body.subarray(sent, sent + length);
    if (own.length === length) return own;
    const rest = spaces.subarray(0, length - own.length);
    return own.length === 0 ? rest : Buffer.concat([own, rest]);
  };
  const wait = () => {
    if (drip) timer = setTimeout(next, drip.everyMs);
    else turn = setImmediate(next);
  };
  const next = () => {
    const pieces = drip ? 1 : PIECES_PER_TURN;
    for (let count = 0; count < pieces; count++) {
      const piece = nextPiece();
      sent += piece.length;
      if (sent >= total) {
        onLast();
        response.end(piece);
        return;
      }
      if (!response.write(piece)) {
        response.once('drain', wait);
        return;
      }
    }
    wait();
  };

  response.once('close', () => {
    clearTimeout(timer);
    clearImmediate(turn);
    response.off('drain', wait);
  });
  response.flushHeaders();
  if (stallMs > 0) timer = setTimeout(next, stallMs);
  else next();
}
