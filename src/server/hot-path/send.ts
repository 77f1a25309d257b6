import type { GraphQLError } from 'graphql';
import { processRegularResult } from 'graphql-yoga';
import type { Log } from '../../telemetry/log.ts';
import type { Metrics } from '../../telemetry/metrics.ts';
import { chooseEncoding } from '../http/compress.ts';
import { answerTypeFor } from '../http/media-type.ts';
import { corsHeaders } from '../http/use-cors.ts';
import { freshnessHeader } from '../http/use-freshness.ts';
import { securityHeaderList } from '../http/with-security-headers.ts';
import { logRequest } from '../reports/use-operation-log.ts';
import { countOperation } from '../reports/use-operation-metrics.ts';
import type { Asked } from './asked.ts';
import { encodedAnswer, type ReadyAnswer, SHORT } from './ready-answers.ts';

interface SendOptions {
  readonly corsOrigins: readonly string[];
  readonly log: Log;
  readonly metrics: Metrics | undefined;
  readonly isForRouters: boolean;
}

/** What decides the status of an answer with errors. */
interface Failed {
  readonly errors: readonly GraphQLError[];
  /** Whether the result has `data`, which may be null. */
  readonly hasData: boolean;
}

/** A body as it is sent. */
interface Sent {
  /** A short text goes out in one piece with the headers. */
  readonly body: Buffer | string;
  /** Its length in bytes. */
  readonly length: number;
  readonly encoding?: string;
}

const acceptedBy = ({ request }: Asked) => request.headers['accept-encoding'] as string | undefined;

/** Sends answers, logs their requests and counts their operations. */
export class Send {
  readonly #options: SendOptions;
  readonly #origins: ReadonlySet<string>;

  constructor(options: SendOptions) {
    this.#options = options;
    this.#origins = new Set(options.corsOrigins);
  }

  /** Sends the text of an answer. */
  text(asked: Asked, text: string, failed?: Failed): void {
    const length = Buffer.byteLength(text);
    const encoding = chooseEncoding(acceptedBy(asked), length);
    const plain = () =>
      this.#send(asked, { body: text.length <= SHORT ? text : Buffer.from(text), length }, failed);
    if (!encoding) plain();
    else
      encoding
        .compress(Buffer.from(text))
        .then(
          (body) => this.#send(asked, { body, length: body.length, encoding: encoding.name }, failed),
          plain,
        );
  }

  /** Sends an answer that is ready. */
  ready(asked: Asked, answer: ReadyAnswer): void {
    const { body, text } = answer;
    const encoding = chooseEncoding(acceptedBy(asked), body.length);
    const plain = () => this.#send(asked, { body: text ?? body, length: body.length });
    if (!encoding) plain();
    else
      encodedAnswer(answer, encoding).then(
        (bytes) => this.#send(asked, { body: bytes, length: bytes.length, encoding: encoding.name }),
        plain,
      );
  }

  #send(asked: Asked, { body, length, encoding }: Sent, failed?: Failed): void {
    const { request, response, state } = asked;
    const { log, metrics, isForRouters } = this.#options;
    const mediaType = answerTypeFor(request.headers.accept ?? null) ?? 'application/json';
    const { status, headers } = failed ? statusOf(failed, mediaType) : { status: 200, headers: {} };
    if (metrics) countOperation(metrics, state, failed?.errors, failed === undefined || failed.hasData);
    const { freshUntil } = state;
    const isKept = isForRouters && !failed && freshUntil !== undefined && Number.isFinite(freshUntil);
    if (!response.destroyed) {
      const list = [
        ...(isKept ? withoutCacheControl : securityHeaderList),
        'content-type',
        `${mediaType}; charset=utf-8`,
        'content-length',
        String(length),
        'x-request-id',
        state.id,
      ];
      if (isKept) list.push('cache-control', freshnessHeader(freshUntil));
      if (encoding) list.push('content-encoding', encoding);
      const more = {
        ...headers,
        ...(encoding && { vary: 'Accept-Encoding' }),
        ...corsHeaders(this.#origins, request.headers.origin, encoding !== undefined),
      };
      for (const [name, value] of Object.entries(more)) list.push(name, value);
      response.writeHead(status, list).end(body);
    }
    logRequest(log, state, 'POST', status);
    state.span?.end(
      {
        'http.response.status_code': status,
        ...(state.code !== undefined && { 'error.type': state.code }),
      },
      status >= 500,
    );
  }
}

const withoutCacheControl = securityHeaderList.slice(securityHeaderList.indexOf('cache-control') + 2);

/** Returns status and headers of an answer with errors, as Yoga decides them. */
function statusOf(
  { errors, hasData }: Failed,
  mediaType: string,
): { readonly status: number; readonly headers: Record<string, string> } {
  const result = { errors: [...errors], ...(hasData && { data: {} }), stringify: () => '' };
  const { status, headers } = processRegularResult(result, globalThis, mediaType);
  const own = [...headers].filter(([name]) => name !== 'content-type' && name !== 'content-length');
  return { status, headers: Object.fromEntries(own) };
}
