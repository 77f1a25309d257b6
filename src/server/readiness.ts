import type { Log } from '../telemetry/log.ts';
import { UpstreamUnauthorized } from '../upstream/errors.ts';
import type { Tenants } from './auth/tenants.ts';

const FIRST_PAUSE_MS = 1_000;
const MAX_PAUSE_MS = 30_000;

/** Whether the keys of the gateway work. */
export interface Readiness {
  readonly keysWork: boolean;
  /** Ends the attempts. */
  stop(): void;
}

/**
 * Checks the keys of all tenants until those of one tenant work. Wrong keys of another tenant are not the fault of the
 * gateway, and the callers of that tenant get an error.
 */
export function checkReadiness(tenants: Tenants, log: Log): Readiness {
  let keysWork = false;
  let isStopped = false;
  let retry: NodeJS.Timeout | undefined;

  const check = async (pause: number) => {
    try {
      const checks = tenants.all().map((tenant) => checkKeys(tenant, log));
      if (checks.length > 0) await Promise.any(checks);
      keysWork = true;
      log.info('ready: the Management API accepts the keys');
    } catch (error) {
      if (isStopped) return;
      const [first] = (error as AggregateError).errors as Error[];
      log.warn({ retryInMs: pause }, `not ready: ${first?.message}`);
      retry = setTimeout(check, pause, Math.min(pause * 2, MAX_PAUSE_MS));
    }
  };
  void check(FIRST_PAUSE_MS);

  return {
    get keysWork() {
      return keysWork;
    },
    stop() {
      isStopped = true;
      clearTimeout(retry);
    },
  };
}

async function checkKeys({ id, client }: ReturnType<Tenants['all']>[number], log: Log): Promise<void> {
  try {
    await client.checkKeys();
  } catch (error) {
    const reason = (error as Error).message;
    const isRefusal = error instanceof UpstreamUnauthorized;
    const verdict = isRefusal ? 'does not accept the keys' : 'cannot be reached, so the keys are not checked';
    log.warn({ tenant: id, reason }, `the Management API ${verdict}`);
    throw error;
  }
}
