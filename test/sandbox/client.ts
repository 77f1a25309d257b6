import { expect } from 'vitest';
import type { ManagementKeys, SandboxKeys } from '../../src/sandbox/keys/callers.ts';
import type { Sandbox } from '../../src/sandbox/server.ts';
import { controlViolations } from './control/contract.ts';

type Headers = Record<string, string>;
/** What every API call needs. */
export type ApiHeaders = { Authorization: string; 'Ocp-Apim-Subscription-Key': string };

/** What an answer says, without anything that the platform's fetch adds. */
export interface Reply {
  status: number;
  contentType: string | null;
  // biome-ignore lint/suspicious/noExplicitAny: tests read answers of every shape
  json: any;
}

export async function send(
  sandbox: Sandbox,
  method: string,
  path: string,
  init: RequestInit = {},
): Promise<Reply> {
  const response = await fetch(`${sandbox.url}${path}`, { ...init, method });
  const text = await response.text();
  return {
    status: response.status,
    contentType: response.headers.get('content-type'),
    json: text === '' ? undefined : JSON.parse(text),
  };
}

export function standardHeaders({ clientId, clientSecret, subscriptionKey }: SandboxKeys): Headers {
  return { client_id: clientId, client_secret: clientSecret, 'Ocp-Apim-Subscription-Key': subscriptionKey };
}

export function basic({ clientId, clientSecret }: ManagementKeys): string {
  return `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`;
}

/** Gets a standard token and gives the headers that API calls need. */
export async function signIn(sandbox: Sandbox, keys: SandboxKeys = sandbox.keys): Promise<ApiHeaders> {
  const { json } = await send(sandbox, 'POST', '/accesstoken/get', { headers: standardHeaders(keys) });
  return { Authorization: `Bearer ${json.access_token}`, 'Ocp-Apim-Subscription-Key': keys.subscriptionKey };
}

export function askForManagementToken(
  sandbox: Sandbox,
  { form = 'grant_type=client_credentials', ...headers }: Headers & { form?: string } = {},
): Promise<Reply> {
  return send(sandbox, 'POST', '/miami/v1/token', {
    headers: {
      Authorization: basic(sandbox.callers.management),
      'Content-Type': 'application/x-www-form-urlencoded',
      ...headers,
    },
    body: form,
  });
}

/** Sends one control request, and holds request and answer against the control API's document. */
export async function control(
  sandbox: Sandbox,
  method: string,
  route: string,
  body?: unknown,
): Promise<Reply> {
  const path = `/_sandbox/${route}`;
  const requestBody = body === undefined ? '' : JSON.stringify(body);
  const reply = await send(sandbox, method, path, requestBody === '' ? {} : { body: requestBody });
  const { status, contentType, json } = reply;
  const responseBody = json === undefined ? '' : JSON.stringify(json);
  const exchange = { method, path, requestBody, status, contentType, responseBody };
  expect(await controlViolations(exchange)).toEqual([]);
  return reply;
}
