import { policyDefinition, policyNames } from '../policy/policy.ts';
import type { PolicyStore } from '../policy/policy-store.ts';
import type { ControlRoute } from './control-route.ts';

/** Creates the control routes that show and change policies. */
export function createPolicyRoutes(policies: PolicyStore): ControlRoute[] {
  const list = () =>
    policyNames.map((name) => {
      const { default: initial, choices, description } = policyDefinition(name);
      return { name, value: policies.values[name], default: initial, choices, description };
    });

  return [
    {
      method: 'GET',
      template: '/_sandbox/policy',
      handle: () => ({ status: 200, value: list() }),
    },
    {
      method: 'PATCH',
      template: '/_sandbox/policy',
      handle({ json }) {
        policies.set(json());
        return { status: 200, value: list() };
      },
    },
  ];
}
