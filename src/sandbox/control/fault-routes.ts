import type { Faults } from '../faults/faults.ts';
import { HttpError } from '../http/http-error.ts';
import type { ControlRoute } from './control-route.ts';
import { run } from './control-route.ts';

/** Creates the control routes that list, add and end faults. */
export function createFaultRoutes(faults: Faults): ControlRoute[] {
  return [
    { method: 'GET', template: '/_sandbox/faults', handle: () => ({ status: 200, value: faults.list() }) },
    {
      method: 'POST',
      template: '/_sandbox/faults',
      handle: ({ json }) => ({ status: 201, value: { id: faults.add(json()) } }),
    },
    { method: 'DELETE', template: '/_sandbox/faults', handle: () => run(faults.clear) },
    {
      method: 'DELETE',
      template: '/_sandbox/faults/{id}',
      handle({ param }) {
        if (faults.remove(param('id'))) return { status: 204 };
        throw new HttpError(404, `There is no fault ${param('id')}. It may have ended.`);
      },
    },
  ];
}
