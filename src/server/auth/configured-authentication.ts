import type { AuthConfig } from '../../config/config.ts';
import { byApiKey } from './api-key.ts';
import { type Authenticate, allowAnyone, authenticateBy } from './authenticate.ts';
import type { Tenants } from './tenants.ts';
import { byVippsKeys } from './vipps-keys.ts';

/** Returns the authentication that the configuration asks for. Loads what verifies tokens only if there are any. */
export async function configuredAuthentication(
  { methods, jwt }: AuthConfig,
  tenants: Tenants,
): Promise<Authenticate> {
  if (methods.includes('none')) return allowAnyone(tenants);
  return authenticateBy([
    ...(methods.includes('api-key') ? [byApiKey(tenants)] : []),
    ...(jwt ? [(await import('./jwt.ts')).byJwt(tenants, jwt)] : []),
    ...(methods.includes('vipps-keys') ? [byVippsKeys(tenants)] : []),
  ]);
}
