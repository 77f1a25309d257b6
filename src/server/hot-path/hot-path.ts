import type { IncomingMessage, ServerResponse } from 'node:http';
import { startRequestSpan } from '../../telemetry/tracing.ts';
import type { Caller } from '../auth/caller.ts';
import { exchangeOf } from '../connections/exchange.ts';
import type { EndpointRules } from '../endpoint-rules.ts';
import { HttpError } from '../errors/http-error.ts';
import type { GatewayOptions, GatewayParts } from '../gateway-parts.ts';
import { readJsonBody } from '../http/read-json-body.ts';
import { sendError } from '../http/send-error.ts';
import { type ReadDocument, readText, readTrusted } from '../limits/use-trusted-documents.ts';
import { logRequest } from '../reports/use-operation-log.ts';
import { keepState, newState, type RequestState } from '../request-state.ts';
import type { Asked } from './asked.ts';
import { CallerClasses } from './caller-classes.ts';
import { KnownDocuments } from './known-documents.ts';
import { createPlainRequestTest } from './plain-request.ts';
import { readBody } from './read-body.ts';
import { readParams } from './read-params.ts';
import { ReadyAnswers } from './ready-answers.ts';
import { RunOperation } from './run-operation.ts';
import { Send } from './send.ts';

/** Passes a request on to the general way, which serves everything. */
export type PassOn = (request: IncomingMessage, response: ServerResponse) => void;

/** Types whose objects are the same in every operation as long as the cache keeps them. */
const LASTING = new Set(['SalesUnit', 'Merchant', 'ProductOrder', 'PricePackage']);

/**
 * Serves the requests that nearly all clients send without the objects of the Fetch API: it authenticates, limits, logs and
 * counts by the same rules as the general way, runs operations as compiled, and sends answers again that are ready. A
 * request that it cannot serve is passed on before anything has been done for it that must not be done twice. So is each
 * that is refused: refusals have one form and one place.
 */
export function createHotPath(
  options: GatewayOptions,
  parts: GatewayParts,
  rules: EndpointRules,
  passOn: PassOn,
): PassOn {
  return new HotPath(options, parts, rules, passOn).serve;
}

class HotPath {
  readonly #options: GatewayOptions;
  readonly #parts: GatewayParts;
  readonly #rules: EndpointRules;
  readonly #passOn: PassOn;
  readonly #isPlain: (request: IncomingMessage) => boolean;
  readonly #readDocument: ReadDocument;
  readonly #documents: KnownDocuments;
  readonly #classes = new CallerClasses();
  readonly #ready = new ReadyAnswers();
  readonly #run: RunOperation;
  readonly #send: Send;

  constructor(options: GatewayOptions, parts: GatewayParts, rules: EndpointRules, passOn: PassOn) {
    const { http, open, log, metrics } = options;
    this.#options = options;
    this.#parts = parts;
    this.#rules = rules;
    this.#passOn = passOn;
    const { corsOrigins, endpoint, trustedDocuments } = rules;
    this.#isPlain = createPlainRequestTest({ ...http, path: endpoint.path, corsOrigins, open });
    this.#readDocument = trustedDocuments ? readTrusted(trustedDocuments) : readText;
    this.#documents = new KnownDocuments(rules, ({ name }) => LASTING.has(name));
    this.#send = new Send({ corsOrigins, log, metrics, isForRouters: rules.isForRouters });
    this.#run = new RunOperation({ options, parts, rules, ready: this.#ready, send: this.#send });
  }

  readonly serve: PassOn = (request, response) => {
    if (!this.#isPlain(request)) return this.#passOn(request, response);
    const { headers } = request;
    const state = newState(headers['x-request-id'] as string | undefined);
    const header = (name: string) => headers[name] as string | undefined;
    state.address = this.#parts.addressOf(request) || undefined;
    state.startedAt = exchangeOf(response).arrivedAt;
    let caller: Promise<Caller> | Caller;
    try {
      caller = this.#rules.authenticate({ header, address: state.address ?? '' });
    } catch {
      // The general way authenticates again, and says what is wrong.
      this.#passOn(request, response);
      return;
    }
    if (caller instanceof Promise)
      caller.then(
        (known) => this.#admit(request, response, state, known),
        () => this.#passOn(request, response),
      );
    else this.#admit(request, response, state, caller);
  };

  #admit(request: IncomingMessage, response: ServerResponse, state: RequestState, caller: Caller): void {
    const passOn = () => this.#passOn(request, response);
    // Only an answer of the upstream shows whether a caller's own keys are valid.
    const taking = caller.verifiedByUpstream ? false : this.#takePoint(caller);
    if (taking === false) passOn();
    else if (taking) taking.then(() => this.#read(request, response, state, caller), passOn);
    else this.#read(request, response, state, caller);
  }

  /** Returns false if there is none. */
  #takePoint(caller: Caller): Promise<void> | undefined | false {
    try {
      return this.#parts.rateLimits.take(caller, 1);
    } catch {
      return false;
    }
  }

  /** Goes on with a request whose first point has been taken. */
  #read(request: IncomingMessage, response: ServerResponse, state: RequestState, caller: Caller): void {
    state.caller = caller;
    state.isVerified = true;
    state.isCharged = true;
    const { method, headers } = request;
    const traceparent = (headers['traceparent'] as string | undefined) ?? null;
    const span = startRequestSpan(traceparent, method ?? '', this.#rules.endpoint.path);
    if (span) state.span = span;
    this.#parts.unsentAnswers.markAuthenticated(response);
    const passOn = () => {
      keepState(request, state);
      this.#passOn(request, response);
    };
    readBody(
      request,
      Number(headers['content-length']),
      (body) => {
        state.body = body;
        try {
          if (!this.#serveBody({ request, response, state, caller, body, passOn })) setImmediate(passOn);
        } catch (error) {
          this.#fail(response, state, error);
        }
      },
      passOn,
    );
  }

  /** Answers after a mistake of ours. It is never passed on, since a write may have begun. */
  #fail(response: ServerResponse, state: RequestState, error: unknown): void {
    const { log } = this.#options;
    const { id: requestId } = state;
    log.error({ requestId, err: error }, 'internal error');
    const told = new HttpError('INTERNAL', { status: 500, headers: { 'x-request-id': requestId } });
    state.code = told.code;
    state.errors = 1;
    if (response.headersSent) response.destroy();
    else sendError(response, told, true, requestId);
    logRequest(log, state, 'POST', told.status);
  }

  /** Returns false for a request that is not served here. */
  #serveBody(asked: Asked): boolean {
    const { request, response, state, caller, body } = asked;
    if (caller.isStillValid?.() === false || this.#options.shedding?.isSurplus(response)) return false;
    const { headers } = request;
    // What the client wants to know of this very run, or of the age of what it gets, is in no other answer.
    const isPlainRead =
      headers['cache-control'] === undefined &&
      headers['x-cost-report'] === undefined &&
      headers['x-upstream-report'] === undefined;
    const callerClass = this.#classes.of(caller);
    const key = isPlainRead ? callerClass.id + body.toString('latin1') : undefined;
    if (key !== undefined) {
      const ready = this.#ready.find(key, caller.client.dataVersion());
      if (ready && this.#run.again(asked, ready)) return true;
    }
    let params: ReturnType<typeof readParams>;
    try {
      params = readParams(readJsonBody(body), this.#readDocument);
    } catch {
      return false;
    }
    if (!params) return false;
    const { text, operationName, variables, isTrusted } = params;
    const known = this.#documents.find(text, operationName, caller);
    if (!known) return false;
    if (isTrusted) state.isTrusted = true;
    return this.#run.begin(asked, { ...known, operationName, variables, key, texts: callerClass.texts });
  }
}
