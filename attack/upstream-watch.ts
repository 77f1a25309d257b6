import { setTimeout as sleep } from 'node:timers/promises';
import type { Exchange } from '../src/sandbox/http/exchange.ts';
import type { SandboxCallers } from '../src/sandbox/keys/callers.ts';
import type { SecretWatch } from './secret-watch.ts';

/** Records what reached the upstream. */
export interface UpstreamWatch {
  readonly onExchange: (exchange: Exchange) => void;
  /** Registers the owner of each key. */
  know(callers: SandboxCallers): void;
  /** All calls so far, including token calls. */
  readonly calls: number;
  /** Calls with a token of one caller and the subscription key of another. */
  readonly mixed: number;
  /** 401 responses that no injected fault caused. */
  readonly unauthorized: number;
  /** Returns how many distinct header sets contained the text. */
  readonly withHeader: (text: string) => number;
  /** Resolves once no call has come for a moment, or after a few seconds of calls. */
  quiet(): Promise<void>;
  reset(): void;
}

const QUIET_MS = 200;
const MOST_WAITING_MS = 3_000;

export function createUpstreamWatch(secrets: SecretWatch): UpstreamWatch {
  const owners = new Map<string, string>();
  const headers = new Set<string>();
  let calls = 0;
  let mixed = 0;
  let unauthorized = 0;
  return {
    onExchange({ template, requestHeaders, responseBody, status, faulted }) {
      calls++;
      if (status === 401 && !faulted) unauthorized++;
      // Each set of headers once: there are few, and a run has a hundred thousand calls.
      headers.add(JSON.stringify(requestHeaders).toLowerCase());
      const ownerOfKey = owners.get(String(requestHeaders['ocp-apim-subscription-key']));
      if (/token/.test(template)) {
        const token = tokenOf(responseBody);
        const owner = owners.get(String(requestHeaders['client_id']));
        if (token && owner && status === 200 && !faulted) {
          secrets.add(token);
          owners.set(`Bearer ${token}`, owner);
        }
        if (owner !== ownerOfKey && ownerOfKey) mixed++;
        return;
      }
      const ownerOfToken = owners.get(String(requestHeaders['authorization']));
      if (ownerOfKey !== ownerOfToken) mixed++;
    },
    know(callers) {
      for (const [owner, keys] of Object.entries(callers))
        for (const key of Object.values<string>(keys)) owners.set(key, owner);
    },
    get calls() {
      return calls;
    },
    get mixed() {
      return mixed;
    },
    get unauthorized() {
      return unauthorized;
    },
    withHeader: (text) => [...headers].filter((sent) => sent.includes(text.toLowerCase())).length,
    async quiet() {
      const startedAt = performance.now();
      let before = -1;
      while (calls !== before && performance.now() - startedAt < MOST_WAITING_MS) {
        before = calls;
        await sleep(QUIET_MS);
      }
    },
    reset() {
      headers.clear();
      mixed = 0;
      unauthorized = 0;
    },
  };
}

function tokenOf(body: Buffer): string | undefined {
  try {
    const answer: { readonly access_token?: unknown } = JSON.parse(body.toString());
    return typeof answer.access_token === 'string' ? answer.access_token : undefined;
  } catch {
    return undefined;
  }
}
