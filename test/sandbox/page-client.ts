import { request } from 'node:http';
import type { Sandbox } from '../../src/sandbox/server.ts';

export interface PageReply {
  status: number;
  headers: Headers;
  body: string;
  /** Where the page sends its visitor. */
  location: string | null;
}

/** Asks for a page as a browser does: for HTML, and without following anything. */
export async function visit(
  sandbox: Sandbox,
  path: string,
  headers: Record<string, string> = {},
  method = 'GET',
): Promise<PageReply> {
  return read(
    fetch(`${sandbox.url}${path}`, {
      method,
      redirect: 'manual',
      headers: { accept: 'text/html', ...headers },
    }),
  );
}

/** Sends a form. */
export async function submit(
  sandbox: Sandbox,
  path: string,
  fields: Record<string, string> = {},
  headers: Record<string, string> = {},
): Promise<PageReply> {
  const init = { method: 'POST', redirect: 'manual', headers, body: new URLSearchParams(fields) } as const;
  return read(fetch(`${sandbox.url}${path}`, init));
}

async function read(answered: Promise<Response>): Promise<PageReply> {
  const response = await answered;
  const { status, headers } = response;
  return { status, headers, body: await response.text(), location: headers.get('location') };
}

/** Presses a button of the home pages and reads what the next page says about it. */
export async function press(sandbox: Sandbox, path: string, fields: Record<string, string> = {}) {
  const { status, location } = await submit(sandbox, `/_sandbox/ui/${path}`, fields);
  if (status !== 303) throw new Error(`The button was answered ${status}.`);
  const { body } = await visit(sandbox, location ?? '');
  const [, tone, text] = /<p class="notice( failed)?" role="status">([^<]*)</.exec(body) ?? [];
  return { text, failed: tone !== undefined, location };
}

/** The rows of the tables of a page, as the page has them. */
export function rowsOf(body: string): string[] {
  return [...body.matchAll(/<tr><th scope="row"[^>]*>(.*?)<\/tr>/gs)].map(([, row = '']) => row);
}

/** A request under any Host, which fetch does not allow. */
export function statusUnder(sandbox: Sandbox, host: string, path: string, method = 'GET'): Promise<number> {
  return new Promise((resolve, reject) => {
    const sent = request(sandbox.url, { path, method, headers: { host, accept: 'text/html' } }, (answer) => {
      answer.resume();
      resolve(answer.statusCode ?? 0);
    });
    sent.on('error', reject).end();
  });
}

/** The value of an input, as the page has it: escaped. */
export function inputValue(body: string, name: string): string | undefined {
  return new RegExp(`name="${name}"[^>]* value="([^"]*)"`).exec(body)?.[1];
}
