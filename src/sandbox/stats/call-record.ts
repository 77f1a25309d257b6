import type { TenantName } from '../keys/callers.ts';

/** One call of an API or token route. */
export interface CallRecord {
  /** Sequence number, which continues after a reset. */
  number: number;
  /** When the call arrived: milliseconds since the sandbox started, with one decimal. */
  at: number;
  method: string;
  /** With its query string. */
  path: string;
  template: string;
  /** Null while there is no answer, and for good when the call was aborted, reset or left hanging. */
  status: number | null;
  /** The caller: by the token, or by the keys on token routes. Null when unknown. */
  tenant: TenantName | null;
  idempotencyKey?: string;
  /** `Vipps-System-Name`, as far as the policy `longSystemHeaders` keeps it. */
  systemName?: string;
  /** The id of the fault that happened to the call. */
  fault?: string;
  /** Milliseconds from arrival to the end of the answer, with one decimal; null while the call is in progress. */
  durationMs: number | null;
}

/** What is known of a call when it arrives. */
export interface Arrival {
  key: string;
  isToken: boolean;
  method: string;
  path: string;
  template: string;
  tenant: TenantName | null;
  idempotencyKey: string | undefined;
  systemName: string | undefined;
}
