import { isIP } from 'node:net';
import { z } from 'zod';
import type { Policy } from '../sandbox/policy/policy.ts';
import { parsePolicy } from '../sandbox/policy/policy-text.ts';
import { integer } from './variable-kinds.ts';

/** Returns the policies that `settings` name, `name=value` each. Reports every mistake as an issue. */
export function readPolicies(settings: readonly string[], context: z.RefinementCtx): Partial<Policy> {
  const { policy, mistakes } = parsePolicy(settings);
  if (policy.latencyMs !== undefined)
    mistakes.push('latencyMs must be set with SANDBOX_LATENCY_MS or --latency instead');
  for (const message of mistakes) context.addIssue({ code: 'custom', message });
  return policy;
}

/** The variables of the sandbox, which also runs alone. */
export const SandboxEnv = z.object({
  SANDBOX_UNITS: integer(1, 100_000).default(200),
  SANDBOX_LATENCY_MS: integer(0, 60_000).default(20),
  SANDBOX_SEED: integer(0, 2 ** 32 - 1).default(1),
  SANDBOX_PORT: integer(0, 65_535).default(0),
  SANDBOX_HOST: z
    .string()
    .refine((host) => isIP(host) > 0 || host === 'localhost', 'must be an IP address, or localhost')
    .default('127.0.0.1'),
  SANDBOX_TOKEN_LIFETIME_SECONDS: integer(1, 31_536_000).optional(),
  SANDBOX_POLICY: z
    .string()
    .transform((text, context) => readPolicies(text.split(','), context))
    .default({}),
});
