import { BROKEN } from '../../upstream/models/broken.ts';

/** Stands for an unreadable leaf. Texts of the upstream never contain a control character. */
const MARK = '\u0000broken';

/** Writes a value of the upstream as JSON, with its unreadable leaves. */
export const toJson = (value: unknown): string =>
  JSON.stringify(value, (_name, part: unknown) => (part === BROKEN ? MARK : part));

export const fromJson = <T>(json: string): T =>
  (json.includes('\\u0000broken')
    ? JSON.parse(json, (_name, part: unknown) => (part === MARK ? BROKEN : part))
    : JSON.parse(json)) as T;
