import { createReadStream } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { ExportError } from './export-error.ts';
import type { Format } from './format.ts';

/** A file that an export is written to, and continued in. */
export class ExportFile {
  /** The units that an earlier run has written. */
  readonly written: ReadonlySet<string>;
  readonly #file: FileHandle;
  readonly #format: Format;

  private constructor(file: FileHandle, format: Format, written: ReadonlySet<string>) {
    this.#file = file;
    this.#format = format;
    this.written = written;
  }

  /** Opens a file, or makes one that only its owner can read. A last line without an end is removed. */
  static async open(path: string, format: Format): Promise<ExportFile> {
    const file = await open(path, 'a+', 0o600);
    const { written, wholeBytes } = await readLines(path, format);
    await file.truncate(wholeBytes);
    if (wholeBytes === 0 && format.head !== undefined) await file.appendFile(`${format.head}\n`);
    return new ExportFile(file, format, written);
  }

  async add(rows: readonly Parameters<Format['write']>[0][]): Promise<void> {
    await this.#file.appendFile(rows.map((row) => `${this.#format.write(row)}\n`).join(''));
  }

  async close(): Promise<void> {
    await this.#file.close();
  }
}

async function readLines(path: string, format: Format) {
  const written = new Set<string>();
  let wholeBytes = 0;
  let pending: string | undefined;
  let isFirst = true;
  const take = (line: string) => {
    const msn = format.msnOf(line);
    if (msn !== undefined) written.add(msn);
    else if (!isFirst || line !== format.head)
      throw new ExportError('--out: the file has other lines than an export, so it is left alone');
    isFirst = false;
    wholeBytes += Buffer.byteLength(line) + 1;
  };
  const input = createReadStream(path);
  for await (const line of createInterface({ input, crlfDelay: 0 })) {
    if (pending !== undefined) take(pending);
    pending = line;
  }
  // The last line counts only with its end, which the reader does not tell from none.
  if (pending !== undefined && wholeBytes + Buffer.byteLength(pending) < input.bytesRead) take(pending);
  return { written, wholeBytes };
}
