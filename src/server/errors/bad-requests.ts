import { HttpError, type HttpErrorOptions } from './http-error.ts';

/** Everything that is refused with `BAD_REQUEST` and a status of its own, before GraphQL reads the request. */
export const badRequests = {
  invalidHttp: { status: 400, message: 'The request is not valid HTTP.' },
  duplicateHeader: { status: 400, message: 'A header that must be sent only once is repeated.' },
  missingHost: { status: 400, message: 'The Host header is missing.' },
  invalidHost: { status: 400, message: 'The Host header is not a valid host name.' },
  invalidTarget: { status: 400, message: 'The request target is invalid. Send a path that starts with /.' },
  dotSegments: { status: 400, message: 'The path is not normalized. Send it without dot segments.' },
  encodingInHttp10: {
    status: 400,
    message: 'HTTP/1.0 does not support Transfer-Encoding. Send a Content-Length header.',
  },
  notUtf8: { status: 400, message: 'The request contains bytes that are not UTF-8. Send it in UTF-8.' },
  invalidJson: { status: 400, message: 'The body is not valid JSON.' },
  tooManyParts: { status: 413, message: 'The body contains too many lists, objects and escapes.' },
  notAnObject: {
    status: 400,
    message: 'The body must be a JSON object with `query`, and optionally `variables` and `operationName`.',
  },
  ambiguousCredentials: {
    status: 400,
    message: 'The request uses several authentication methods. Use only one.',
  },
  foreignOrigin: {
    status: 403,
    message: 'This origin is not allowed. The operator of the gateway can add it to CORS_ORIGINS.',
  },
  routersOnly: {
    status: 403,
    message:
      'This endpoint is for GraphQL routers. Send operations to /graphql. The operator can give a router a key with the audience router, or set SUBGRAPH_SECRET.',
  },
  notFound: { status: 404, message: 'Not found. The GraphQL endpoint is /graphql.' },
  methodNotAllowed: { status: 405, message: 'Method not allowed. Send the operation with POST.' },
  noProxy: { status: 405, message: 'CONNECT is not supported. This server is not a proxy.' },
  notAcceptable: {
    status: 406,
    message:
      'Not acceptable. Accept application/graphql-response+json or application/json, or text/event-stream for a subscription.',
  },
  upgrade: { status: 400, message: 'This protocol is not supported. Send the request with HTTP/1.1.' },
  webSocketProtocol: {
    status: 400,
    message: 'The WebSocket needs the protocol graphql-transport-ws, as of the package graphql-ws.',
  },
  webSocketHandshake: { status: 400, message: 'The handshake of the WebSocket is not valid.' },
  timeout: { status: 408, message: 'The request took too long to arrive.' },
  bodyTooLarge: { status: 413, message: 'The request body is too large.' },
  chunkExtensions: { status: 413, message: 'The chunk extensions are too long. Send the body without them.' },
  mediaType: {
    status: 415,
    message: 'Unsupported media type. Send the operation as application/json in UTF-8.',
  },
  contentEncoding: { status: 415, message: 'Unsupported content encoding. Send the body uncompressed.' },
  expectation: { status: 417, message: 'Expectation failed. Only 100-continue is supported.' },
  foreignHost: {
    status: 421,
    message:
      'Misdirected request. Without authentication, this gateway accepts only requests to a loopback host such as 127.0.0.1.',
  },
  headersTooLarge: { status: 431, message: 'The request headers are too large.' },
  tooManyHeaders: { status: 431, message: 'The request has too many headers.' },
  transferEncoding: { status: 501, message: 'Unsupported transfer encoding. Only chunked is supported.' },
} as const;

/** Returns the error for a bad request. */
export const badRequest = (reason: keyof typeof badRequests, options: HttpErrorOptions = {}): HttpError =>
  new HttpError('BAD_REQUEST', { ...badRequests[reason], ...options });
