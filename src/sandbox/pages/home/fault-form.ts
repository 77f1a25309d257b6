import type { FaultTargets } from '../../faults/read-fault.ts';
import { createFields } from '../kit/field.ts';
import type { FormErrors } from '../kit/form-errors.ts';
import type { Html } from '../kit/html.ts';
import { html } from '../kit/html.ts';
import type { FaultKind } from './add-fault.ts';
import { faultKinds } from './add-fault.ts';

/** The values of the form at first. */
export const emptyFaultForm = new URLSearchParams({
  kind: '429',
  retryAfter: '10',
  delayMs: '2000',
  times: '1',
});

const kindNames: Record<FaultKind, string> = {
  '429': '429 Too Many Requests, with Retry-After in seconds',
  '500': '500 Internal Server Error',
  '503': '503 Service Unavailable',
  '401': '401 Unauthorized',
  hang: 'Does the work and never responds',
  reset: 'Does the work and cuts the connection before the headers',
  delay: 'Responds correctly, after a delay in milliseconds',
};
const numbers: Partial<Record<FaultKind, readonly [name: string, label: string]>> = {
  '429': ['retryAfter', 'Retry-After, seconds'],
  delay: ['delayMs', 'Delay, milliseconds'],
};

/** Returns the form that adds one of the most common faults. */
export function faultForm(
  { routes, tenants }: FaultTargets,
  form: URLSearchParams,
  errors: FormErrors,
): Html {
  const fields = createFields(errors);
  const kind = (one: FaultKind): Html => {
    const number = numbers[one];
    const isChosen = form.get('kind') === one;
    return html`<div class="option"><label class="check"><input type="radio" name="kind" value="${one}"${isChosen && html` checked`}${fields.state('kind')}>${kindNames[one]}</label>${
      number &&
      html`<input id="${number[0]}" name="${number[0]}" inputmode="numeric" aria-label="${number[1]}" value="${form.get(number[0])}"${fields.state(number[0])}>${fields.wrong(number[0])}`
    }</div>`;
  };
  const pairs = (names: readonly string[]) => names.map((name) => [name, name] as const);
  return html`<form class="card" method="post" action="/_sandbox/ui/faults" aria-labelledby="add"><h2 id="add">Add a fault</h2>
${errors.size > 0 && html`<p class="wrong" role="alert">The fault was not added. See the errors below.</p>`}
<div class="columns">${fields.select('route', 'Route', form.get('route'), pairs(routes), 'Every API route: *')}
${fields.select('tenant', 'Caller', form.get('tenant'), pairs(tenants), 'Any')}</div>
<fieldset><legend>What happens</legend>${faultKinds.map(kind)}${fields.wrong('kind')}</fieldset>
<div class="short">${fields.text({ name: 'times', label: 'How often', value: form.get('times'), hint: 'Leave empty for no limit.', numeric: true })}</div>
<p><button class="main">Add the fault</button></p></form>`;
}
