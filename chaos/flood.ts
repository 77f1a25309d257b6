import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

export interface FloodOptions {
  readonly query: string;
  /** Requests that are due per second, however long their answers take. */
  readonly perSecond: number;
  readonly seconds: number;
  readonly mostConnections?: number;
}

export interface FloodResult {
  readonly sent: number;
  readonly ok: number;
  /** Refused with a 503. */
  readonly shed: number;
  /** Any other answer. */
  readonly failed: number;
  /** Without an answer at the end. */
  readonly unanswered: number;
  readonly withoutRetryAfter: number;
  readonly okPerSecond: number;
  /** Milliseconds from when a request was due; null without one. */
  readonly okP99: number | null;
  readonly shedP99: number | null;
}

const program = fileURLToPath(new URL('flood-process.ts', import.meta.url));

/** Sends one operation at a fixed rate from a process of its own. */
export async function flood(url: string, options: FloodOptions): Promise<FloodResult> {
  const { stdout } = await promisify(execFile)(process.execPath, [
    program,
    JSON.stringify({ url, ...options }),
  ]);
  return JSON.parse(stdout);
}
