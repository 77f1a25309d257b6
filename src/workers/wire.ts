import { fromJson, toJson } from '../store/directory/json.ts';
import { fromWireError, toWireError, type WireError } from './wire-error.ts';

// Text of clients may contain control characters, so what begins like a mark is marked as text.
const ERROR = '\u0000error';
const NUMBER = '\u0000number';
const TEXT = '\u0000text';

/** Writes a message for another process: what the directories can write, with errors and with infinite numbers. */
export const toWire = (message: unknown): string =>
  toJson(message, (part) => {
    if (part instanceof Error) return { [ERROR]: toWireError(part) };
    if (typeof part === 'number' && !Number.isFinite(part)) return { [NUMBER]: String(part) };
    return typeof part === 'string' && part.startsWith('\u0000') ? TEXT + part : part;
  });

/** Reads what {@link toWire} has written. */
export const fromWire = <T>(text: string): T =>
  fromJson(text, (part) => {
    if (typeof part === 'string') return part.startsWith(TEXT) ? part.slice(TEXT.length) : part;
    if (typeof part !== 'object' || part === null) return part;
    const { [ERROR]: error, [NUMBER]: number } = part as { [ERROR]?: WireError; [NUMBER]?: string };
    if (error) return fromWireError(error);
    return number === undefined ? part : Number(number);
  });
