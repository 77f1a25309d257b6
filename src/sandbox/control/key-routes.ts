import { HttpError } from '../http/http-error.ts';
import type { CallerDirectory, KeyName, TenantName } from '../keys/callers.ts';
import type { TokenStore } from '../keys/tokens.ts';
import type { ControlRoute } from './control-route.ts';
import { readObject, run } from './control-route.ts';

const keyNames: readonly KeyName[] = ['client', 'subscriptionKey', 'subscriptionKeySecondary'];

/** Creates the control routes that show, revoke and restore keys, and revoke tokens. */
export function createKeyRoutes(callers: CallerDirectory, tokens: TokenStore): ControlRoute[] {
  const names = callers.tenants.map(({ name }) => name);
  const readChoice = (input: unknown) => {
    const { caller, key } = readObject(input, ['caller', 'key']);
    return {
      caller: readOneOf<TenantName>('caller', caller, names),
      key: readOneOf<KeyName>('key', key, keyNames),
    };
  };

  return [
    {
      method: 'GET',
      template: '/_sandbox/keys',
      handle: () => ({
        status: 200,
        value: callers.tenants.map(({ name, flow, keys }) => ({
          caller: name,
          flow,
          ...keys,
          revoked: callers.revokedOf(name),
        })),
      }),
    },
    {
      method: 'POST',
      template: '/_sandbox/keys/revoke',
      handle({ json }) {
        const { caller, key } = readChoice(json());
        if (!caller) throw new HttpError(400, `"caller" is required: one of ${names.join(', ')}.`);
        return run(() => callers.revoke(caller, key));
      },
    },
    {
      method: 'POST',
      template: '/_sandbox/keys/restore',
      handle({ optionalJson }) {
        const { caller, key } = readChoice(optionalJson());
        if (key && !caller) throw new HttpError(400, '"key" requires "caller".');
        return run(() => callers.restore(caller, key));
      },
    },
    {
      method: 'POST',
      template: '/_sandbox/tokens/revoke',
      handle({ optionalJson }) {
        const { caller } = readObject(optionalJson(), ['caller']);
        return run(() => tokens.revoke(readOneOf<TenantName>('caller', caller, names)));
      },
    },
  ];
}

function readOneOf<T extends string>(name: string, value: unknown, choices: readonly T[]): T | undefined {
  if (value === undefined) return undefined;
  const found = choices.find((choice) => choice === value);
  if (!found) throw new HttpError(400, `"${name}" must be one of: ${choices.join(', ')}.`);
  return found;
}
