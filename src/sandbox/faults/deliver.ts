import type { ServerResponse } from 'node:http';
import type { Answer } from '../answers/answer.ts';
import { errorOf } from '../answers/error-shape.ts';
import type { Fault } from './fault.ts';
import { doesWork } from './fault.ts';
import { patchJson } from './patch.ts';
import { streamBody } from './stream-body.ts';

const nothing: Answer = { status: 200, contentType: '', body: '' };

/** Returns the answer of a route with a fault's changes to its content. Calls `answer` only when the route does its work. */
export function applyFault(fault: Fault, answer: () => Answer): Answer {
  // The work is done even when its answer is thrown away.
  const own = doesWork(fault) ? answer() : nothing;
  const base = fault.status === undefined ? own : errorOf(fault.status, fault.bodyShape);
  let body = fault.patch ? patchJson(base.body.toString(), fault.patch) : base.body;
  if (fault.body !== undefined)
    body = typeof fault.body === 'string' ? fault.body : JSON.stringify(fault.body);
  return {
    status: base.status,
    contentType: fault.contentType ?? base.contentType,
    body,
    headers: {
      ...base.headers,
      ...(fault.retryAfter !== undefined && { 'retry-after': String(fault.retryAfter) }),
      ...fault.headers,
    },
  };
}

/** Returns the headers that an answer is sent with, in lower case. */
export function headersOf({ contentType, body, headers }: Answer, fault?: Fault): Record<string, string> {
  const whole = Math.max(Buffer.byteLength(body), fault?.huge ?? 0);
  // Also an answer without a body can be cut in it: it announces one.
  const isShort = fault?.truncate === true || (fault?.reset === 'midBody' && whole === 0);
  const length = isShort ? whole + MISSING : whole;
  return {
    ...(contentType !== '' && { 'content-type': contentType }),
    ...(!fault?.chunked && { 'content-length': String(length) }),
    ...Object.fromEntries(Object.entries(headers ?? {}).map(([name, value]) => [name.toLowerCase(), value])),
  };
}

// How many bytes are missing from an answer that announces more than it sends.
const MISSING = 16;

/** True when a fault makes the sandbox itself cut the connection. */
export function isCut(fault: Fault | undefined): boolean {
  return fault?.reset !== undefined || fault?.truncate === true;
}

/**
 * Writes the answer, or as much of it as the fault lets through. Calls `over` before the client can see the end of it,
 * with the answer if all of it is sent. A hanging answer never ends.
 */
export function deliver(
  response: ServerResponse,
  answer: Answer,
  fault: Fault | undefined,
  over: (answer?: Answer) => void,
): void {
  if (fault?.hang) return;
  const { socket } = response;
  if (isCut(fault)) over();
  if (fault?.reset === 'beforeHeaders') {
    socket?.resetAndDestroy();
    return;
  }
  const headers = headersOf(answer, fault);
  if (fault?.drip || fault?.huge || fault?.stallAfterHeaders || fault?.chunked) {
    const { drip, huge = 0, stallAfterHeaders: stallMs = 0 } = fault;
    const body = Buffer.from(answer.body);
    response.writeHead(answer.status, headers);
    streamBody(response, {
      body,
      total: Math.max(body.length, huge),
      drip,
      stallMs,
      onLast: () => over(answer),
    });
    return;
  }
  if (!isCut(fault)) over(answer);
  response.writeHead(answer.status, headers);
  if (!isCut(fault)) {
    response.end(answer.body);
    return;
  }
  const body = Buffer.from(answer.body);
  if (fault?.truncate) response.write(body, () => socket?.destroySoon());
  else response.write(body.subarray(0, Math.floor(body.length / 2)), () => socket?.resetAndDestroy());
}
