import type { Fault } from '../../faults/fault.ts';
import { FaultError } from '../../faults/fault.ts';
import type { Faults } from '../../faults/faults.ts';
import type { FaultTargets } from '../../faults/read-fault.ts';
import type { FormErrors } from '../kit/form-errors.ts';

/** The faults that the form offers, by the value that each choice sends. */
export const faultKinds = ['429', '500', '503', '401', 'hang', 'reset', 'delay'] as const;
export type FaultKind = (typeof faultKinds)[number];

/** Adds the fault that a form describes. Returns its id, or the errors of the form. */
export function addFault(faults: Faults, targets: FaultTargets, form: URLSearchParams): string | FormErrors {
  const { fault, wrong } = readFaultForm(form, targets);
  if (wrong.size > 0) return wrong;
  try {
    return faults.add(fault);
  } catch (error) {
    if (!(error instanceof FaultError)) throw error;
    // The message names the property first, and that is the field of the same name.
    const [, name] = /^"(\w+)"/.exec(error.message) ?? [];
    return new Map([[name !== undefined && form.has(name) ? name : 'kind', error.message]]);
  }
}

function readFaultForm(
  form: URLSearchParams,
  { routes, tenants }: FaultTargets,
): { fault: Fault; wrong: FormErrors } {
  const wrong = new Map<string, string>();
  const text = (name: string) => form.get(name)?.trim() ?? '';
  const number = (name: string, least: number) => {
    const given = text(name);
    const value = /^\d{1,15}$/.test(given) ? Number(given) : undefined;
    if (value !== undefined && value >= least) return value;
    wrong.set(name, `Must be a whole number from ${least}.`);
    return least;
  };
  const kind = faultKinds.find((known) => known === text('kind'));
  const tenant = tenants.find((known) => known === text('tenant'));
  const route = text('route');
  if (route && !routes.includes(route)) wrong.set('route', 'Unknown route.');
  if (text('tenant') && !tenant) wrong.set('tenant', 'Unknown caller.');
  if (!kind) wrong.set('kind', 'Choose what happens.');
  const fault: Fault = {
    route: route || '*',
    ...(tenant && { tenant }),
    ...(kind && contentOf(kind, number)),
    ...(text('times') && { times: number('times', 1) }),
  };
  return { fault, wrong };
}

function contentOf(kind: FaultKind, number: (name: string, least: number) => number): Fault {
  switch (kind) {
    case '429':
      return { status: 429, retryAfter: number('retryAfter', 0) };
    case 'hang':
      return { hang: true };
    case 'reset':
      return { reset: 'beforeHeaders' };
    case 'delay':
      return { delayMs: number('delayMs', 0) };
    default:
      return { status: Number(kind) };
  }
}
