import { expect } from 'vitest';
import type { createAnswerCheck } from './answer-check.ts';
import type { Partner } from './steps.ts';
import type { Received, Target } from './target.ts';
import { tokenRequest } from './tokens.ts';

export type AnswerCheck = Awaited<ReturnType<typeof createAnswerCheck>>;

/** Calls the API as a partner, with a token that is not older than a day. */
export class ApiClient {
  readonly #day: () => number;
  readonly #target: Target;
  readonly #checkAnswer: AnswerCheck;
  readonly #tokens = new Map<Partner, { token: string; day: number }>();

  /** `day` counts the days of the sandbox's clock since the start. */
  constructor(target: Target, checkAnswer: AnswerCheck, day: () => number) {
    this.#day = day;
    this.#target = target;
    this.#checkAnswer = checkAnswer;
  }

  /** Sends a request and checks the answer. */
  async ask(
    name: Partner,
    method: string,
    path: string,
    allowed: readonly number[],
    rest: { body?: string; headers?: Record<string, string> } = {},
  ): Promise<Received> {
    const headers = {
      ...rest.headers,
      authorization: `Bearer ${await this.#token(name)}`,
      'ocp-apim-subscription-key': this.#target.callers[name].subscriptionKey,
    };
    const received = await this.#target.send({ ...rest, method, path, headers });
    const route = { method, path: path.split('?')[0] ?? path };
    expect(this.#checkAnswer({ route, allowed }, received, method)).toEqual([]);
    return received;
  }

  // A token lives for a day, so the one from before a wait must be refused.
  async #token(name: Partner): Promise<string> {
    const day = this.#day();
    const known = this.#tokens.get(name);
    if (known?.day === day) return known.token;
    if (known) {
      const { subscriptionKey } = this.#target.callers[name];
      const headers = {
        authorization: `Bearer ${known.token}`,
        'ocp-apim-subscription-key': subscriptionKey,
      };
      const { status } = await this.#target.send({
        method: 'GET',
        path: '/management/v1/sales-units',
        headers,
      });
      expect(status).toBe(401);
    }
    const { text } = await this.#target.send(tokenRequest(this.#target, name));
    const token = JSON.parse(text).access_token;
    this.#tokens.set(name, { token, day });
    return token;
  }
}
