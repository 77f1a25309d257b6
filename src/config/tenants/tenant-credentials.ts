import type { z } from 'zod';
import type { Credentials } from '../../upstream/keys/credentials.ts';
import { Secret } from '../../upstream/keys/secret.ts';
import { fileSecret, type SecretFiles } from '../files/secret-file.ts';
import type { TenantUpstream } from './tenants-file-shape.ts';

type UpstreamInput = z.infer<typeof TenantUpstream>;

/**
 * Returns the credentials of one tenant, with its secret files read. Reports every mistake by its place in the file: of a
 * secret file, and of properties that do not fit together.
 */
export function readTenantCredentials(
  upstream: UpstreamInput,
  place: string,
  files: SecretFiles,
  addMistake: (mistake: string) => void,
): Credentials {
  const secret = (name: 'clientSecret' | 'subscriptionKey' | 'subscriptionKeySecondary') => {
    const value = upstream[name];
    const file = upstream[`${name}File`];
    if (value !== undefined && file !== undefined)
      addMistake(`${place}.${name}: set either this or ${name}File, not both`);
    if (file !== undefined) return fileSecret(file, `${place}.${name}File`, files, addMistake);
    return value === undefined ? undefined : new Secret(value);
  };
  const clientSecret = secret('clientSecret');
  const subscriptionKey = secret('subscriptionKey');
  const subscriptionKeySecondary = secret('subscriptionKeySecondary');
  if (upstream.clientSecret === undefined && upstream.clientSecretFile === undefined)
    addMistake(`${place}.clientSecret: must be set, or clientSecretFile`);
  const hasKey = upstream.subscriptionKey !== undefined || upstream.subscriptionKeyFile !== undefined;
  if (upstream.tokenFlow === 'accesstoken' && !hasKey)
    addMistake(`${place}.subscriptionKey: must be set with tokenFlow accesstoken, or subscriptionKeyFile`);
  if (upstream.tokenFlow === 'miami' && (hasKey || subscriptionKeySecondary))
    addMistake(`${place}.subscriptionKey: must not be set with tokenFlow miami`);
  return {
    clientId: upstream.clientId,
    clientSecret: clientSecret ?? new Secret(''),
    subscriptionKey,
    subscriptionKeySecondary,
    tokenFlow: upstream.tokenFlow,
    merchantSerialNumber: upstream.merchantSerialNumber,
    merchantSerialNumberUse: upstream.merchantSerialNumberUse,
  };
}
