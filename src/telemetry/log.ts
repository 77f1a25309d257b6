import { type DestinationStream, type Logger, type LoggerOptions, pino } from 'pino';
import { logFields, logMessage } from './log-fields.ts';

export type Log = Logger;

/** The fields that a child logger adds to each of its lines. */
const MOST_BINDING_BYTES = 512;

/**
 * JSON lines on stdout. Nothing that a client or the upstream wrote goes in but through a named field or a message,
 * which are cleaned of control and bidirectional characters and cut: a line has at most 8 KB. Credentials are `Secret`s,
 * which print as `[redacted]`.
 */
export function createLog(level: string, destination?: DestinationStream): Log {
  const options: LoggerOptions = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: {
      level: (label) => ({ level: label }),
      log: (fields) => logFields(fields),
    },
    // The library's own would print every property of an error.
    serializers: { err: (error) => error },
    hooks: {
      logMethod(given, method) {
        const [first, second] = given as readonly unknown[];
        if (typeof first === 'string') return method.call(this, logMessage(first));
        const fields = first instanceof Error ? { err: first } : (first as { readonly err?: unknown });
        // Without a message of its own a line has that of its error.
        const message = second ?? (fields.err instanceof Error ? fields.err.message : undefined);
        method.call(this, fields, ...(message === undefined ? [] : [logMessage(String(message))]));
      },
    },
  };
  const log = destination ? pino(options, destination) : pino(options);
  // The library does not hand the fields of a child to a formatter.
  const { child } = log;
  log.child = function (this: Log, fields: object, ...rest: unknown[]) {
    return Reflect.apply(child, this, [logFields({ ...fields }, MOST_BINDING_BYTES), ...rest]);
  } as Log['child'];
  return log;
}
