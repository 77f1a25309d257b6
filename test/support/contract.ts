import { fileURLToPath } from 'node:url';
import { OpenAPIBackend, OpenAPIValidator } from 'openapi-backend';
import type { Exchange } from '../../src/sandbox/http/exchange.ts';

const contractFile = fileURLToPath(new URL('../../contract/management-api.openapi.yaml', import.meta.url));

/** The parts of the dereferenced contract that are read here; the library checks the document as a whole. */
interface Operation {
  operationId: string;
  path: string;
  method: string;
  requestBody?: { required?: boolean; content: Record<string, unknown> };
  responses: Record<string, { content?: Record<string, { schema: object }> }>;
  security?: Record<string, unknown>[];
}
interface SecurityScheme {
  type: string;
  scheme?: string;
  name?: string;
}
type Validate = ((body: unknown) => unknown) & { errors?: readonly SchemaError[] | null };
type AnswerValidators = (key: string) => Validate | undefined;
interface SchemaError {
  instancePath: string;
  message?: string;
}

// The validator knows these names but leaves their meaning to whoever sets it up.
const formats: Record<string, (text: string) => boolean> = {
  uuid: (text) => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text),
  uri: (text) => URL.canParse(text),
  // The validator's own pattern overflows the stack on a logo of 10 MB.
  byte: (text) => !/[^A-Za-z0-9+/=\r\n]/.test(text),
  'date-time': (text) =>
    /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(text) && !Number.isNaN(Date.parse(text)),
};
const customizeAjv = <A extends { addFormat(name: string, format: (text: string) => boolean): unknown }>(
  ajv: A,
): A => {
  for (const [name, format] of Object.entries(formats)) ajv.addFormat(name, format);
  return ajv;
};

/**
 * Loads the contract, or another document, and gives a check that lists how an exchange breaks it, request and answer both. An answer that a
 * fault has touched, or that never came, is left out: it is wrong on purpose. Its request is checked all the same.
 */
export async function createContractCheck(file = contractFile): Promise<(exchange: Exchange) => string[]> {
  const backend = new OpenAPIBackend({
    definition: file,
    strict: true,
    ignoreTrailingSlashes: false,
    validate: false,
  });
  await backend.init();
  const { definition, router } = backend;
  // Compiling everything at once takes seconds; most tests meet a few operations only.
  const validator = new OpenAPIValidator({ definition, router, customizeAjv, lazyCompileValidators: true });
  const operations = backend.getOperations() as unknown as Operation[];
  const answerValidators = createAnswerValidators(operations);
  const schemes = (definition.components?.securitySchemes ?? {}) as unknown as Record<string, SecurityScheme>;

  return (exchange) => {
    const { method, path, faulted, status } = exchange;
    const matched = backend.matchOperation({ method, path, headers: {} });
    const operation = operations.find(({ operationId }) => operationId === matched?.operationId);
    if (!matched || !operation) return [`${method} ${path}: the contract has no such operation`];

    const body = readRequestBody(exchange);
    const headers = exchange.requestHeaders as Record<string, string | string[]>;
    const request = { method, path, headers, ...(body !== undefined && { body }) };
    const found = [
      ...problemsOf('request', validator.validateRequest(request, matched).errors),
      ...checkRequestMedia(operation, exchange),
      ...checkSecurity(operation, schemes, exchange),
      ...(faulted || status === null ? [] : checkAnswer(operation, answerValidators, exchange, status)),
    ];
    return found.map((violation) => `${method} ${path}: ${violation}`);
  };
}

/**
 * The library validates answers of media type application/json only, so each answer of the contract becomes an
 * operation of its own in a second document, with that media type.
 */
function createAnswerValidators(operations: readonly Operation[]): AnswerValidators {
  const paths: Record<string, object> = {};
  for (const { operationId, responses } of operations) {
    for (const [status, { content = {} }] of Object.entries(responses)) {
      for (const [media, { schema }] of Object.entries(content)) {
        const key = `${operationId} ${status} ${media}`;
        const answer = { description: key, content: { 'application/json': { schema } } };
        paths[`/${encodeURIComponent(key)}`] = { get: { operationId: key, responses: { 200: answer } } };
      }
    }
  }
  const definition = { openapi: '3.0.3', info: { title: 'Answers', version: '1' }, paths };
  const validator = new OpenAPIValidator({ definition, customizeAjv, lazyCompileValidators: true });
  return (key) =>
    paths[`/${encodeURIComponent(key)}`] && validator.getStatusBasedResponseValidatorForOperation(key)['200'];
}

function checkAnswer(
  { operationId, responses }: Operation,
  validatorOf: AnswerValidators,
  { responseHeaders, responseBody }: Exchange,
  status: number,
): string[] {
  const declared = responses[status] ? String(status) : 'default';
  const response = responses[declared];
  if (!response) return [`response status ${status} is not declared`];
  if (!response.content) return responseBody.length > 0 ? [`response ${status} must have no body`] : [];

  // Compared letter by letter: the contract has application/json with and without a charset, and means it.
  const media = responseHeaders['content-type'];
  const validate = validatorOf(`${operationId} ${declared} ${media}`);
  if (!validate) {
    return [
      `response ${status} has content type ${media}; declared: ${Object.keys(response.content).join(', ')}`,
    ];
  }
  const body = parseJson(responseBody);
  if (body === undefined) return [`response ${status} is not JSON`];
  validate(body);
  return problemsOf(`response ${status}`, validate.errors);
}

function checkRequestMedia({ requestBody }: Operation, exchange: Exchange): string[] {
  if (exchange.requestBody.length === 0) return requestBody?.required ? ['request has no body'] : [];
  if (!requestBody) return ['request must have no body'];
  const media = mediaOf(exchange);
  return media in requestBody.content ? [] : [`request has content type ${media || '(none)'}`];
}

// Any one of the alternatives is enough; which kind a bearer token is of cannot be told from the outside.
function checkSecurity(
  { security }: Operation,
  schemes: Record<string, SecurityScheme>,
  exchange: Exchange,
): string[] {
  const { authorization = '', ...headers } = exchange.requestHeaders;
  const isMet = (name: string) => {
    const { type, scheme, name: header = '' } = schemes[name] ?? { type: 'unknown' };
    if (type === 'apiKey') return headers[header.toLowerCase()] !== undefined;
    return scheme === 'basic' ? /^Basic \S+$/.test(authorization) : /^Bearer \S+$/.test(authorization);
  };
  if (
    !security ||
    security.length === 0 ||
    security.some((alternative) => Object.keys(alternative).every(isMet))
  )
    return [];
  return [
    `request lacks ${security.map((alternative) => Object.keys(alternative).join(' + ')).join(', or ')}`,
  ];
}

function readRequestBody(exchange: Exchange): object | string | undefined {
  if (exchange.requestBody.length === 0) return undefined;
  const text = exchange.requestBody.toString();
  return mediaOf(exchange) === 'application/x-www-form-urlencoded'
    ? Object.fromEntries(new URLSearchParams(text))
    : text;
}

function mediaOf({ requestHeaders }: Exchange): string {
  return requestHeaders['content-type']?.split(';')[0]?.trim().toLowerCase() ?? '';
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch {
    return undefined;
  }
}

function problemsOf(where: string, errors: readonly SchemaError[] | null | undefined): string[] {
  return (errors ?? []).map(({ instancePath, message }) => `${where}${instancePath} ${message}`);
}
