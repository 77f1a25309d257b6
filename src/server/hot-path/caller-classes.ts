import type { UpstreamClient } from '../../upstream/client.ts';
import type { Caller } from '../auth/caller.ts';
import { RememberedTexts, TextsBound } from './remembered-texts.ts';

/** Callers that get the same answer to the same request. */
export interface CallerClass {
  /** Begins the keys of its ready answers. */
  readonly id: string;
  readonly texts: RememberedTexts;
}

/** Divides callers by tenant, scopes and audience. A tenant with new keys or a new directory is another one. */
export class CallerClasses {
  readonly #bound = new TextsBound();
  readonly #byCaller = new WeakMap<Caller, CallerClass>();
  readonly #byClient = new WeakMap<UpstreamClient, Map<string, CallerClass>>();
  #count = 0;

  of(caller: Caller): CallerClass {
    const known = this.#byCaller.get(caller);
    if (known) return known;
    const found = this.#find(caller);
    this.#byCaller.set(caller, found);
    return found;
  }

  #find({ client, tenantId, scopes, audience, limits }: Caller): CallerClass {
    const classes = this.#byClient.get(client) ?? new Map<string, CallerClass>();
    this.#byClient.set(client, classes);
    const key = JSON.stringify([tenantId, [...scopes].sort(), audience, limits]);
    const known = classes.get(key);
    if (known) return known;
    const created = { id: `${this.#count++} `, texts: new RememberedTexts(this.#bound) };
    classes.set(key, created);
    return created;
  }
}
