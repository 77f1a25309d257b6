import type { PolicyName } from '../../policy/policy.ts';
import { policyDefinition, policyNames } from '../../policy/policy.ts';
import type { PolicyStore } from '../../policy/policy-store.ts';
import type { Html } from '../kit/html.ts';
import { html } from '../kit/html.ts';
import type { PageRoute } from '../kit/page-route.ts';
import type { HomePage } from './home-page.ts';

const PATH = '/_sandbox/ui/policies';

/** Creates the page of all policies, each with its choices and a button that sets it. */
export function createPoliciesPage(policies: PolicyStore, homePage: HomePage): PageRoute {
  const row = (name: PolicyName): Html => {
    const { default: initial, description } = policyDefinition(name);
    const isChanged = policies.values[name] !== initial;
    return html`<tr><th scope="row"><code>${name}</code></th><td>${setter(name, policies)}${isChanged && html`<span class="state">changed</span>`}</td><td data-name="Default"><code>${String(initial)}</code></td><td>${description}</td></tr>`;
  };
  return {
    method: 'GET',
    template: PATH,
    handle(call) {
      const content = html`<p>Policies decide what the sandbox does where the sources say nothing or contradict each other. Change them here, with <code>PATCH /_sandbox/policy</code>, or at the start with <code>--policy name=value</code>.</p>
<div class="scroll"><table class="stack"><caption>${policyNames.length} policies</caption><thead><tr><th scope="col">Name</th><th scope="col">Value</th><th scope="col">Default</th><th scope="col">What it decides</th></tr></thead><tbody>${policyNames.map(row)}</tbody></table></div>`;
      return homePage(call, PATH, 'Policies', content);
    },
  };
}

// A browser that restores the choice of before a reload would show a value that is not the current one.
function setter(name: PolicyName, { values }: PolicyStore): Html {
  const { choices } = policyDefinition(name);
  const value = values[name];
  const field =
    'minimum' in choices
      ? html`<input name="value" type="number" required min="${choices.minimum}" max="${choices.maximum}" value="${String(value)}" aria-label="${name}" autocomplete="off">`
      : html`<select name="value" aria-label="${name}" autocomplete="off">${choices.map(
          (choice) =>
            html`<option value="${String(choice)}"${choice === value && html` selected`}>${String(choice)}</option>`,
        )}</select>`;
  const limits = 'minimum' in choices && html`<p class="hint">${choices.minimum} to ${choices.maximum}</p>`;
  return html`<form class="row" method="post" action="${PATH}/${name}"><input type="hidden" name="back" value="${PATH}">${field}<button aria-label="Set ${name}">Set</button></form>${limits}`;
}
