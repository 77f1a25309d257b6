import { readFileSync } from 'node:fs';
import { HttpError } from '../http/http-error.ts';
import type { Stats } from '../stats/stats.ts';
import type { ControlRoute } from './control-route.ts';

// As far from here in the sources as in the built package.
const document = new URL('../../../contract/sandbox-control.openapi.yaml', import.meta.url);

/** Creates the control routes that report the calls to the sandbox, and the one that serves the OpenAPI document of all control routes. */
export function createWatchRoutes(stats: Stats): ControlRoute[] {
  return [
    { method: 'GET', template: '/_sandbox/stats', handle: () => ({ status: 200, value: stats.read() }) },
    {
      method: 'GET',
      template: '/_sandbox/calls',
      parameters: ['since', 'limit'],
      handle({ query }) {
        return { status: 200, value: stats.calls(readCount(query, 'since'), readCount(query, 'limit')) };
      },
    },
    {
      method: 'GET',
      template: '/_sandbox/openapi.yaml',
      handle: () => ({
        status: 200,
        text: { contentType: 'application/yaml', body: readFileSync(document, 'utf8') },
      }),
    },
  ];
}

function readCount(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name);
  if (text === null) return undefined;
  if (!/^\d{1,15}$/.test(text)) throw new HttpError(400, `"${name}" must be a whole number from 0.`);
  return Number(text);
}
