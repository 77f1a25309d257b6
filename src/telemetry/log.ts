import { type DestinationStream, type Logger, type LoggerOptions, pino } from 'pino';
import { logFields, logMessage } from './log-fields.ts';

export type Log = Logger;

/** For processes that share a pipe: it carries lines of at most 4 KB without breaking them up. */
export const SHARED_FIELD_BYTES = 2_000;
/** The fields that a child logger adds to each of its lines. */
const MOST_BINDING_BYTES = 512;

/**
 * Returns a logger that writes JSON lines to stdout. Text of a client or of the upstream enters a line only as a named
 * field or a message, which are cleaned of control and bidirectional characters and truncated, so that a line has at most
 * 8 KB, or as much less as `fieldBytes` says. Credentials are `Secret`s, which print as `[redacted]`.
 */
export function createLog(level: string, destination?: DestinationStream, fieldBytes?: number): Log {
  const options: LoggerOptions = {
    level,
    base: null,
    timestamp,
    formatters: {
      level: (label) => ({ level: label }),
      log: (fields) => logFields(fields, fieldBytes),
    },
    // The default serializer prints every property of an error.
    serializers: { err: (error) => error },
    hooks: {
      logMethod(given, method) {
        const [first, second] = given as readonly unknown[];
        if (typeof first === 'string') return method.call(this, logMessage(first));
        const fields = first instanceof Error ? { err: first } : (first as { readonly err?: unknown });
        // A line without a message gets that of its error.
        const message = second ?? (fields.err instanceof Error ? fields.err.message : undefined);
        method.call(this, fields, ...(message === undefined ? [] : [logMessage(String(message))]));
      },
    },
  };
  const log = pino(options, destination ?? batched(pino.destination({ fd: 1, sync: true })));
  // pino does not pass the fields of a child to the formatter.
  const { child } = log;
  log.child = function (this: Log, fields: object, ...rest: unknown[]) {
    return Reflect.apply(child, this, [logFields({ ...fields }, MOST_BINDING_BYTES), ...rest]);
  } as Log['child'];
  return log;
}

interface Internals {
  readonly [pino.symbols.streamSym]: DestinationStream;
  /** The fields of a child logger. */
  readonly [pino.symbols.chindingsSym]: string;
}

/**
 * Does the same as `log.info(fields, message)` in a fraction of the time, for the line of each request. All texts in `fields`
 * must be clean and short already.
 */
export function logClean(log: Log, fields: object, message: string): void {
  if (!log.isLevelEnabled('info')) return;
  const { [pino.symbols.streamSym]: stream, [pino.symbols.chindingsSym]: bindings } =
    log as unknown as Internals;
  const text = JSON.stringify(fields).slice(1, -1);
  stream.write(`{"level":"info"${timestamp()}${bindings},${text},"msg":${JSON.stringify(message)}}\n`);
}

/** Writes the lines of one turn of the event loop at once: under load, a write for each would take longer than the rest. */
function batched(destination: DestinationStream): DestinationStream {
  let lines = '';
  const flush = () => {
    const written = lines;
    lines = '';
    if (written !== '') destination.write(written);
  };
  process.once('exit', flush);
  return {
    write(line) {
      if (lines === '') setImmediate(flush);
      lines += line;
    },
  };
}

let lastMs = 0;
let lastTime = '';

/** The same as `stdTimeFunctions.isoTime`, which formats the time anew for each line of one millisecond. */
function timestamp(): string {
  const now = Date.now();
  if (now !== lastMs) {
    lastMs = now;
    lastTime = `,"time":"${new Date(now).toISOString()}"`;
  }
  return lastTime;
}
