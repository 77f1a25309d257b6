import type { ConfigurationFreshness } from '../config/configuration-freshness.ts';
import type { Health } from './admin.ts';
import type { Readiness } from './readiness.ts';

export interface HealthOptions {
  readonly freshness: ConfigurationFreshness;
  readonly metrics: Health['metrics'];
  /** Undefined until the listeners are open. */
  readonly readiness: () => Readiness | undefined;
  readonly isStopping: () => boolean;
  /** Returns what else is wrong that makes the gateway unready; nothing if absent. */
  readonly problem?: () => { readonly name: string; readonly text: string | undefined };
}

/** Returns what the probes report. */
export function createHealth({ freshness, metrics, readiness, isStopping, problem }: HealthOptions): Health {
  return {
    isReady: () => readiness()?.keysWork === true && !isStopping() && problem?.().text === undefined,
    metrics,
    checks() {
      const other = problem?.();
      return {
        keys: readiness()?.keysWork ? undefined : 'no tenant has working keys yet',
        drain: isStopping() ? 'stopping' : undefined,
        configuration:
          freshness.staleSeconds > 0
            ? `stale for ${Math.round(freshness.staleSeconds)} s: mistakes in ${freshness.staleNames.join(', ')}`
            : undefined,
        ...(other && { [other.name]: other.text }),
      };
    },
  };
}
