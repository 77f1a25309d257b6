import type { CpuUsage, Memory } from '../process-usage.ts';

/** A server under measurement. */
export interface Contestant {
  /** With its path. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Values of `authorization`, one of each tenant. Empty for servers that ask nobody for a key. */
  readonly authorizations: readonly string[];
  /** When its process was started, on the clock of `performance.now()`. */
  readonly startedAt: number;
  memory(): Memory;
  cpu(): CpuUsage;
  /** The p99 of the event-loop delay since the last time, in milliseconds. NaN where nobody tells. */
  loopP99Ms(): Promise<number>;
  /** The heap in use after garbage collection, in MB. NaN where nobody tells. */
  heapMb(): Promise<number>;
  stop(): Promise<void>;
}

/** Which server to start, and how. */
export interface ContestantSetup {
  /** As in tables and on the command line. */
  readonly name: string;
  readonly kind: 'floor' | 'constant' | 'yoga' | 'mercurius' | 'gateway' | 'endpoint';
  /** Whether it keeps what it has read. */
  readonly cache: boolean;
  /** Connections to the upstream, where it has a limit. */
  readonly connections: number;
  /** Whether it may use both cores; only the gateway. */
  readonly hasAllCores?: boolean;
  /** Folder of the gateway's package. */
  readonly folder?: URL;
  /** Tenants of the gateway, one when left out. All have the same keys of the Management API. */
  readonly tenants?: number;
  /** More variables of the gateway. */
  readonly env?: Readonly<Record<string, string>>;
  /** URL and headers of an endpoint that runs already. */
  readonly endpoint?: { readonly url: string; readonly headers: Readonly<Record<string, string>> };
}
