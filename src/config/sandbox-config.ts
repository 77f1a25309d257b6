import { z } from 'zod';
import type { SandboxConfig } from './config.ts';
import { ConfigError } from './config-error.ts';
import { withoutEmpty } from './env.ts';
import { readPolicies, SandboxEnv } from './sandbox-env.ts';

/** The flags of the sandbox as they were written. */
export interface SandboxFlags {
  readonly port?: string;
  readonly host?: string;
  readonly units?: string;
  readonly seed?: string;
  readonly latency?: string;
  readonly 'token-lifetime'?: string;
  readonly policy?: readonly string[];
}

const variables = {
  port: 'SANDBOX_PORT',
  host: 'SANDBOX_HOST',
  units: 'SANDBOX_UNITS',
  seed: 'SANDBOX_SEED',
  latency: 'SANDBOX_LATENCY_MS',
  'token-lifetime': 'SANDBOX_TOKEN_LIFETIME_SECONDS',
} as const satisfies Record<Exclude<keyof SandboxFlags, 'policy'>, keyof z.input<typeof SandboxEnv>>;
type Flag = keyof typeof variables;
const PolicyFlags = z.array(z.string()).transform(readPolicies);

/**
 * Returns the configuration of the sandbox alone. The gateway's variables may be wrong. Flags win over variables. Throws
 * one {@link ConfigError} that lists `mistakes` and every other one.
 */
export function readSandboxConfig(
  env: NodeJS.ProcessEnv,
  flags: SandboxFlags = {},
  mistakes: readonly string[] = [],
): SandboxConfig {
  const { policy: settings = [], ...values } = flags;
  const byFlag = Object.fromEntries(
    Object.entries(values).map(([flag, value]) => [variables[flag as Flag], value]),
  );
  const fromEnv = SandboxEnv.safeParse({ ...withoutEmpty(env), ...byFlag });
  const fromFlags = PolicyFlags.safeParse(settings);
  if (mistakes.length === 0 && fromEnv.success && fromFlags.success) {
    const config = toSandboxConfig(fromEnv.data, { ...fromEnv.data.SANDBOX_POLICY, ...fromFlags.data });
    return {
      ...config,
      ...(flags.port !== undefined && { portName: '--port' }),
      ...(flags.host !== undefined && { hostName: '--host' }),
    };
  }
  const flagOf = (name: string) => Object.keys(values).find((flag) => variables[flag as Flag] === name);
  throw new ConfigError([
    ...mistakes,
    ...(fromEnv.error?.issues ?? []).map(({ path, message }) => {
      const flag = flagOf(String(path[0]));
      return `${flag ? `--${flag}` : String(path[0])}: ${message}`;
    }),
    ...(fromFlags.error?.issues ?? []).map(({ message }) => `--policy: ${message}`),
  ]);
}

/** Returns the sandbox's section for variables that were read already. */
export const toSandboxConfig = (
  env: z.infer<typeof SandboxEnv>,
  policy: SandboxConfig['policy'] = env.SANDBOX_POLICY,
): SandboxConfig => ({
  units: env.SANDBOX_UNITS,
  latencyMs: env.SANDBOX_LATENCY_MS,
  ...(env.SANDBOX_TOKEN_LIFETIME_SECONDS !== undefined && {
    tokenLifetimeSeconds: env.SANDBOX_TOKEN_LIFETIME_SECONDS,
  }),
  seed: env.SANDBOX_SEED,
  port: env.SANDBOX_PORT,
  portName: 'SANDBOX_PORT',
  host: env.SANDBOX_HOST,
  hostName: 'SANDBOX_HOST',
  policy,
});
