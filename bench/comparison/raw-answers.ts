/** One whole answer. */
export interface RawAnswer {
  readonly ok: boolean;
  /** Its text, if it was to be kept or is not as it should be. */
  readonly text: string | undefined;
}

const HEAD_END = '\r\n\r\n';
const OK = 'HTTP/1.1 200';
const LENGTH = /\r\ncontent-length: (\d+)/i;
const LAST_CHUNK = '\r\n0\r\n\r\n';

/**
 * Reads the answers of one connection, which come one at a time. It looks at the status, at the length and for errors
 * and leaves the rest alone, since a client that parses answers costs more than a server that writes them.
 */
export class RawAnswers {
  /** What has come so far, if it is kept or if the head is not complete. */
  #parts: string[] = [];
  #missing = 0;
  /** The end of what has come of an answer in chunks. */
  #tail = '';
  #isOk = true;
  #keeps = false;
  #state: 'head' | 'body' | 'chunks' = 'head';

  /** Says whether the text of the next answer is wanted. */
  expect(keeps: boolean): void {
    this.#keeps = keeps;
  }

  /** Takes what has arrived, and returns the answer when it is complete. */
  add(bytes: Buffer): RawAnswer | undefined {
    if (this.#state === 'head') return this.#addHead(bytes);
    this.#look(bytes);
    if (this.#state === 'chunks') {
      const text = bytes.toString('latin1');
      this.#parts.push(text);
      return this.#endOfChunks(text);
    }
    if (this.#keeps) this.#parts.push(bytes.toString('latin1'));
    this.#missing -= bytes.length;
    return this.#missing <= 0 ? this.#complete() : undefined;
  }

  #addHead(bytes: Buffer): RawAnswer | undefined {
    const text = this.#parts.join('') + bytes.toString('latin1');
    const end = text.indexOf(HEAD_END);
    if (end < 0) {
      this.#parts = [text];
      return undefined;
    }
    this.#isOk = text.startsWith(OK);
    this.#look(bytes);
    const length = LENGTH.exec(text)?.[1];
    this.#parts = this.#keeps || length === undefined || !this.#isOk ? [text] : [];
    if (length === undefined) {
      this.#state = 'chunks';
      this.#tail = '';
      return this.#endOfChunks(text.slice(end));
    }
    this.#state = 'body';
    this.#missing = Number(length) - (text.length - end - HEAD_END.length);
    return this.#missing <= 0 ? this.#complete() : undefined;
  }

  #look(bytes: Buffer): void {
    if (this.#isOk && bytes.includes('"errors":[', 0, 'latin1')) {
      this.#isOk = false;
      this.#parts.push(bytes.toString('latin1', 0, 2_000));
    }
  }

  /** A chunk of JSON has no line breaks, so this is the end and nothing else. */
  #endOfChunks(text: string): RawAnswer | undefined {
    this.#tail = (this.#tail + text).slice(-LAST_CHUNK.length);
    return this.#tail === LAST_CHUNK ? this.#complete() : undefined;
  }

  #complete(): RawAnswer {
    const answer = {
      ok: this.#isOk,
      text: this.#keeps || !this.#isOk ? this.#parts.join('') : undefined,
    };
    this.#parts = [];
    this.#state = 'head';
    this.#isOk = true;
    return answer;
  }
}

/** Returns the body of an answer, as UTF-8. */
export function bodyOf(answer: string): string {
  const end = answer.indexOf(HEAD_END);
  const body = answer.slice(end + HEAD_END.length);
  const isWhole = LENGTH.test(answer.slice(0, end));
  return Buffer.from(isWhole ? body : joinChunks(body), 'latin1').toString();
}

function joinChunks(body: string): string {
  let text = '';
  for (let at = 0; at < body.length; ) {
    const lineEnd = body.indexOf('\r\n', at);
    const length = Number.parseInt(body.slice(at, lineEnd), 16);
    if (!(length > 0)) break;
    text += body.slice(lineEnd + 2, lineEnd + 2 + length);
    at = lineEnd + 2 + length + 2;
  }
  return text;
}
