import type { Fault } from './fault.ts';

type Field = keyof Fault;

const content: readonly Field[] = [
  'status',
  'bodyShape',
  'retryAfter',
  'contentType',
  'body',
  'headers',
  'patch',
];
const delivery: readonly Field[] = ['stallAfterHeaders', 'drip', 'huge', 'chunked', 'truncate'];
const ofBodies: readonly Field[] = ['body', 'bodyShape', 'patch', ...delivery];
// The other fields select calls, or modify one of these.
const effects: readonly Field[] = [
  ...content.filter((name) => name !== 'bodyShape' && name !== 'retryAfter'),
  'delayMs',
  ...delivery,
  'hang',
  'reset',
];

/** Fields that would have no effect together with the first field, and why. */
const conflicts: readonly (readonly [Field, readonly Field[], string])[] = [
  ['hang', [...content, ...delivery, 'reset', 'delayMs'], 'a call that hangs has no response'],
  [
    'truncate',
    ['stallAfterHeaders', 'drip', 'huge', 'chunked', 'reset'],
    'a truncated response is sent at once',
  ],
  ['body', ['patch', 'bodyShape'], '"body" replaces the whole body'],
];

const framing = ['content-length', 'transfer-encoding', 'trailer'];

/** Returns why two parts of a fault cannot be combined, or undefined when all can. */
export function findConflict(fault: Fault): string | undefined {
  for (const [field, others, reason] of conflicts) {
    const other = field in fault ? others.find((name) => name in fault) : undefined;
    if (other) return `"${field}" and "${other}" cannot be combined: ${reason}.`;
  }
  return findReset(fault) ?? findMissing(fault);
}

function findReset({ reset, ...rest }: Fault): string | undefined {
  if (!reset) return undefined;
  const useless = reset === 'beforeHeaders' ? [...content, ...delivery] : delivery;
  const other = useless.find((name) => name in rest);
  return (
    other &&
    `"reset": "${reset}" and "${other}" cannot be combined: the response is cut before it would show.`
  );
}

function findMissing(fault: Fault): string | undefined {
  const { status, bodyShape, headers = {}, work, hang, reset } = fault;
  if (bodyShape !== undefined && status === undefined) return '"bodyShape" requires "status".';
  if (bodyShape !== undefined && bodyShape !== 'empty' && bodyShape !== 'html' && (status ?? 0) < 400) {
    return `"bodyShape": "${bodyShape}" is an error, so "status" must be 400 or higher.`;
  }
  if ('patch' in fault && (bodyShape === 'empty' || bodyShape === 'html')) {
    return `"patch" edits JSON, and "bodyShape": "${bodyShape}" is not JSON.`;
  }
  if ('retryAfter' in fault) {
    if (status === undefined || status < 300) return '"retryAfter" requires a "status" of 300 or higher.';
    if (Object.keys(headers).some((name) => name.toLowerCase() === 'retry-after')) {
      return '"retryAfter" and a Retry-After in "headers" cannot be combined.';
    }
  }
  if ('contentType' in fault && Object.keys(headers).some((name) => name.toLowerCase() === 'content-type')) {
    return '"contentType" and a Content-Type in "headers" cannot be combined.';
  }
  const framed = Object.keys(headers).find((name) => framing.includes(name.toLowerCase()));
  if (framed !== undefined) {
    return `"headers" cannot contain ${framed}. Use "chunked", "huge" or "truncate" to change how the body is framed.`;
  }
  const isEmpty = status === 204 || status === 304;
  if (isEmpty && ofBodies.some((name) => name in fault))
    return `A response with status ${status} has no body.`;
  if (work === false && status === undefined && !hang && reset !== 'beforeHeaders') {
    return '"work": false requires "status", "hang" or "reset": "beforeHeaders", since without work there is no other response.';
  }
  return isIdle(fault)
    ? `A fault must have an effect. Set at least one of: ${effects.join(', ')}.`
    : undefined;
}

/** True when the fault would change nothing. */
function isIdle(fault: Fault): boolean {
  return !effects.some((name) => {
    const value = fault[name];
    if (typeof value !== 'object' || name === 'body') return value !== undefined && value !== 0;
    return Object.keys(value).length > 0;
  });
}
