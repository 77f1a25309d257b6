import type { ServerResponse } from 'node:http';
import type { Answer } from './answer.ts';
import type { Fault } from './fault.ts';
import { gatewayError, opaqueGatewayError } from './gateway-error.ts';
import { patchJson } from './patch.ts';
import { problem } from './problem.ts';

/** The answer of a route with a fault's changes to its content. `answer` is only called when the route is to do its work. */
export function spoil(fault: Fault, answer: () => Answer): Answer {
  const base = fault.status === undefined ? answer() : errorOf(fault.status);
  let body = fault.patch ? patchJson(base.body.toString(), fault.patch) : base.body;
  if (fault.body !== undefined)
    body = typeof fault.body === 'string' ? fault.body : JSON.stringify(fault.body);
  return {
    status: base.status,
    contentType: fault.contentType ?? base.contentType,
    body,
    headers: { ...base.headers, ...fault.headers },
  };
}

// What the upstream would send with this status when nothing else is asked for.
function errorOf(status: number): Answer {
  if (status === 401) return opaqueGatewayError(status);
  if (status === 403) return gatewayError(status, 'Access denied.');
  if (status === 429) return gatewayError(status, 'Rate limit is exceeded. Try again later.');
  return status < 400 ? { status, contentType: '', body: '' } : problem(status, 'This error was asked for.');
}

/** The headers that an answer is sent with, in lower case. */
export function headersOf({ contentType, body, headers }: Answer): Record<string, string> {
  return {
    ...(contentType !== '' && { 'content-type': contentType }),
    'content-length': String(Buffer.byteLength(body)),
    ...Object.fromEntries(Object.entries(headers ?? {}).map(([name, value]) => [name.toLowerCase(), value])),
  };
}

/** True when a fault keeps the client from ever having a whole answer. */
export function losesAnswer(fault: Fault | undefined): boolean {
  return fault?.hang === true || fault?.reset !== undefined || fault?.truncate === true;
}

/** Writes the answer, or as much of it as the fault lets through. */
export function deliver(response: ServerResponse, answer: Answer, fault?: Fault): void {
  const headers = headersOf(answer);
  if (!losesAnswer(fault)) {
    response.writeHead(answer.status, headers);
    response.end(answer.body);
    return;
  }
  if (fault?.hang) return;
  const { socket } = response;
  if (fault?.reset === 'beforeHeaders') {
    socket?.resetAndDestroy();
    return;
  }
  const body = Buffer.from(answer.body);
  if (fault?.reset === 'midBody') {
    response.writeHead(answer.status, headers);
    response.write(body.subarray(0, Math.floor(body.length / 2)), () => socket?.resetAndDestroy());
    return;
  }
  response.writeHead(answer.status, { ...headers, 'content-length': body.length + 16 });
  response.write(body, () => socket?.destroySoon());
}
