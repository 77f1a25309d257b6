import { readFile } from 'node:fs/promises';
import { OpenAPIBackend } from 'openapi-backend';
import { beforeAll, describe, expect, it } from 'vitest';
import { errorShapes } from '../../../src/sandbox/answers/error-shape.ts';
import { policyDefinition, policyNames } from '../../../src/sandbox/policy/policy.ts';
import { startSandbox } from '../../../src/sandbox/server.ts';
import { control, send } from '../client.ts';
import { controlContract, controlViolations } from './contract.ts';

interface RequestContent {
  example?: unknown;
  examples?: Record<string, { value: unknown }>;
}
interface Operation {
  security?: unknown[];
  responses: Record<string, unknown>;
  method: string;
  path: string;
  description?: string;
  summary?: string;
  requestBody?: { content: Record<string, RequestContent> };
}
interface Schema {
  type?: string;
  minimum?: number;
  maximum?: number;
  nullable?: boolean;
  enum?: unknown[];
  properties?: Record<string, Schema>;
}

let operations: Operation[];
let schemas: Record<string, Schema>;

beforeAll(async () => {
  const backend = new OpenAPIBackend({ definition: controlContract, strict: true, validate: false });
  await backend.init();
  operations = backend.getOperations() as unknown as Operation[];
  schemas = backend.definition.components?.schemas as unknown as Record<string, Schema>;
});

const examplesOf = ({ requestBody }: Operation) =>
  Object.values(requestBody?.content ?? {}).flatMap(({ example, examples = {} }) => [
    ...(example === undefined ? [] : [example]),
    ...Object.values(examples).map(({ value }) => value),
  ]);
const exchange = (changes: object) => ({
  method: 'POST',
  path: '/_sandbox/clock',
  requestBody: '{"advanceMs":1}',
  status: 200,
  contentType: 'application/json',
  responseBody: '{"now":"2026-11-21T09:30:00.000Z"}',
  ...changes,
});

describe('the document of the control API', () => {
  it('has the routes that there are, and no others', async () => {
    await using sandbox = await startSandbox({ units: 1, latencyMs: 0 });
    const { status, json } = await send(sandbox, 'GET', '/_sandbox/nothing');
    expect(status).toBe(404);
    const documented = operations.map(({ method, path }) => `${method.toUpperCase()} ${path}`);
    // The routes of the policy are described here before they are there.
    expect(documented.sort()).toEqual([...json.routes].sort());
  });

  it('is served as it is', async () => {
    await using sandbox = await startSandbox({ units: 1, latencyMs: 0 });
    const response = await fetch(`${sandbox.url}/_sandbox/openapi.yaml`);
    const responseBody = await response.text();
    expect(response.headers.get('content-type')).toBe('application/yaml');
    expect(responseBody).toBe(await readFile(controlContract, 'utf8'));
  });

  it('knows the fields of a fault, the forms of errors and the callers', async () => {
    await using sandbox = await startSandbox({ units: 1, latencyMs: 0 });
    const { json } = await control(sandbox, 'POST', 'faults', { unknown: 1 });
    const fields = json.message.replace(/^.*Its fields: |\.$/g, '').split(', ');
    expect(Object.keys(schemas['Fault']?.properties ?? {}).sort()).toEqual(fields.sort());
    expect(schemas['Fault']?.properties?.['bodyShape']?.enum).toEqual(errorShapes);
    const callers = Object.keys(sandbox.callers);
    expect(schemas['CallerName']?.enum).toEqual(callers);
    expect(Object.keys(schemas['Statistics']?.properties?.['tenants']?.properties ?? {})).toEqual(callers);
  });

  it('knows the routes that a fault can name', async () => {
    await using sandbox = await startSandbox({ units: 1, latencyMs: 0 });
    const { json } = await control(sandbox, 'POST', 'faults', { route: 'GET /nowhere' });
    const routes = json.message.replace(/^.*one of: |; or .*$/g, '').split(', ');
    expect(routes.length).toBeGreaterThan(10);
    expect(schemas['Fault']?.properties?.['route']?.enum).toEqual(['*', ...routes]);
  });

  it('knows every policy with its type and choices', () => {
    const expected = policyNames.map((name) => {
      const { choices } = policyDefinition(name);
      if ('minimum' in choices) return [name, { type: 'integer', ...choices, nullable: true }];
      const types = [...new Set(choices.map((choice) => typeof choice))];
      const [type = ''] = types;
      const typed = { type: type === 'number' ? 'integer' : type, nullable: true };
      // Null is allowed by the choices where there is no one type.
      return [name, { enum: [...choices, null], ...(types.length === 1 && typed) }];
    });
    expect(schemas['PolicyChanges']?.properties).toEqual(Object.fromEntries(expected));
    expect(schemas['PolicyName']?.enum).toEqual(policyNames);
  });

  it('says that no route needs keys, and when each refuses', async () => {
    for (const { method, path, security, responses } of operations) {
      const wanted = method === 'get' ? ['400', '421'] : ['400', '403', '421'];
      expect([path, Object.keys(responses)]).toEqual([path, expect.arrayContaining(wanted)]);
      expect([path, security]).toEqual([path, []]);
    }
    await using sandbox = await startSandbox({ units: 1, latencyMs: 0 });
    const init = { headers: { 'sec-fetch-site': 'cross-site' } };
    const { status, contentType, json } = await send(sandbox, 'POST', '/_sandbox/reset', init);
    expect(status).toBe(403);
    const refused = { path: '/_sandbox/reset', requestBody: '', responseBody: JSON.stringify(json) };
    expect(await controlViolations(exchange({ ...refused, status, contentType }))).toEqual([]);
  });

  it('says of every route what it does, and shows a request wherever there is one', () => {
    expect(operations.filter(({ summary }) => !summary)).toEqual([]);
    const silent = operations.filter((one) => one.requestBody && examplesOf(one).length === 0);
    expect(silent).toEqual([]);
  });

  it('shows requests that keep to it', async () => {
    for (const operation of operations) {
      for (const example of examplesOf(operation)) {
        const { method, path } = operation;
        const request = { method: method.toUpperCase(), path: path.replaceAll(/[{}]/g, '') };
        const shown = exchange({ ...request, requestBody: JSON.stringify(example) });
        const violations = await controlViolations(shown);
        expect(violations.filter((violation) => !violation.includes(': response'))).toEqual([]);
      }
    }
  });

  it('shows faults that the sandbox takes', async () => {
    await using sandbox = await startSandbox({ units: 1, latencyMs: 0 });
    const [faults] = operations.filter(
      ({ method, path }) => method === 'post' && path === '/_sandbox/faults',
    );
    const examples = faults ? examplesOf(faults) : [];
    expect(examples.length).toBeGreaterThan(3);
    for (const example of examples) {
      expect((await control(sandbox, 'POST', 'faults', example)).status).toBe(201);
    }
    await control(sandbox, 'GET', 'faults');
  });
});

describe('the check of control exchanges', () => {
  it('finds nothing wrong with a right one', async () => {
    expect(await controlViolations(exchange({}))).toEqual([]);
  });

  it('finds a request without its body', async () => {
    const violations = await controlViolations(exchange({ requestBody: '' }));
    expect(violations).toContain('POST /_sandbox/clock: request has no body');
  });

  it.each([
    ['a request that was taken and is wrong', { requestBody: '{"advanceMs":-1}' }, 'request'],
    ['a request with a property too many', { requestBody: '{"advanceMs":1,"more":1}' }, 'request'],
    ['an answer that is wrong', { responseBody: '{"now":"today"}' }, 'response 200/now'],
    [
      'an answer with a property too many',
      { responseBody: '{"now":"2026-11-21T09:30:00.000Z","a":1}' },
      'response',
    ],
    ['an answer of another media type', { contentType: 'text/plain' }, 'response 200 has content type'],
    ['a status that is not declared', { status: 202 }, 'response status 202 is not declared'],
    ['a refusal that does not say why', { status: 400, responseBody: '{}' }, 'response 400'],
    [
      'a body where there should be none',
      { path: '/_sandbox/reset', requestBody: '', status: 204 },
      'response 204',
    ],
    ['an unknown route', { path: '/_sandbox/nothing' }, 'no such operation'],
  ])('finds %s', async (_, changes, message) => {
    expect(await controlViolations(exchange(changes))).toEqual([expect.stringContaining(message)]);
  });
});
