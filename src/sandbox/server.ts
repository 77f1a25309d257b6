import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { assembleSandbox } from './assembly.ts';
import { checkDataSource } from './data/data-source.ts';
import type { PricePackage } from './data/price-package.ts';
import type { ProductOrderStatus } from './data/product-order.ts';
import type { Fault } from './faults/fault.ts';
import type { FaultEntry } from './faults/faults.ts';
import type { Exchange } from './http/exchange.ts';
import { urlOf } from './http/listen-address.ts';
import type { KeyName, SandboxCallers, SandboxKeys, TenantName } from './keys/callers.ts';
import type { Policy, PolicyChanges } from './policy/policy.ts';
import type { SandboxData } from './sandbox-data.ts';
import { createSandboxData } from './sandbox-data.ts';
import type { CallRecord } from './stats/call-record.ts';
import type { SandboxStats } from './stats/stats.ts';
import type { Clock } from './world/clock.ts';
import type { MerchantEdit, UnitEdit } from './world/edits.ts';
import type { MovedOrder } from './world/moved-order.ts';
import { toMovedOrder } from './world/moved-order.ts';
import type { CrowdedMerchant } from './world/world.ts';

// Rooms, each importing only those to the right of it:
//
//   server → assembly → listener, simulation → pages, control, api → faults, stats, answers → keys, rules → world → data
//
// `http` and `policy` may be used by any room but data and world, and `sandbox-error` by every room. The domain (data,
// world, rules and keys) throws SandboxErrors, which have no status: control and pages translate them with `http/http-error.ts`.

export interface SandboxOptions {
  /** Sales units that the main partner sees, 1 to 100,000; 200 when left out. */
  units?: number;
  /** Gives the first merchant this many of the units, and orders of its own; see {@link CrowdedMerchant}. */
  crowd?: CrowdedMerchant;
  /** Sets the policy `latencyMs`. When `policy` has it as well, that one wins. */
  latencyMs?: number;
  /** Decides all data and keys: same seed, same sandbox. 0 to 4,294,967,295; 1 when left out. */
  seed?: number;
  /** 0, the default, takes any free port. */
  port?: number;
  /** 127.0.0.1 when left out. Anyone who can reach another address can control the sandbox and read its keys. */
  host?: string;
  /** Instead of 24 hours and 15 minutes. */
  tokenLifetimeSeconds?: number;
  policy?: Partial<Policy>;
  /** Called for every API and token call when its answer is about to be sent, or when there will be none. */
  onExchange?: (exchange: Exchange) => void;
}

export interface Sandbox {
  readonly url: string;
  /** The address that the sandbox listens on. */
  readonly address: string;
  /** Keys of the main partner. */
  readonly keys: SandboxKeys;
  readonly callers: SandboxCallers;
  readonly data: SandboxData;
  readonly clock: Clock;
  stats(): SandboxStats;
  /** The last 5000 calls, oldest first. */
  calls(): CallRecord[];
  /**
   * Resets the statistics, ends all faults and restores revoked keys. Tokens and data stay, so that clients under test
   * keep working.
   */
  reset(): void;
  /**
   * Returns everything to what it was at the start, on the same port: statistics, faults, keys, data, policy and clock.
   * Revokes all tokens.
   */
  restart(): void;
  readonly policy: Policy;
  /**
   * Changes policies from the next call on. Null returns a policy to its value at the start. Throws a PolicyError that
   * lists every mistake.
   */
  setPolicy(changes: PolicyChanges): void;
  /** Changes the status of a product order. Throws a SandboxError when the order cannot have that status next. */
  moveOrder(id: string, status: ProductOrderStatus): MovedOrder;
  /** Changes the name or settings of a unit. */
  editUnit(msn: string, edit: UnitEdit): void;
  /** Changes the name or addresses of a merchant. */
  editMerchant(scheme: string, id: string, edit: MerchantEdit): void;
  /** Adds a price package of the main partner. */
  addPricePackage(name: string): PricePackage;
  removePricePackage(id: string): void;
  deactivateUnit(msn: string): void;
  deactivateMerchant(scheme: string, id: string): void;
  /** Connects a unit to another partner, or to none. It keeps its number. */
  connectUnit(msn: string, partner: 'sandbox-partner' | 'other-partner' | undefined): void;
  /** Returns the data to what it was at the start. The policy stays. */
  resetState(): void;
  /** Adds a fault and returns its id. Throws a FaultError when the fault is invalid. */
  fault(fault: Fault): string;
  /** The faults that are active. */
  faults(): readonly FaultEntry[];
  clearFaults(): void;
  /** Revokes the tokens of one caller, or all tokens. */
  revokeTokens(caller?: TenantName): void;
  /** Revokes one key of a caller, or all of them. Tokens that were already issued stay valid. */
  revokeKeys(caller: TenantName, key?: KeyName): void;
  /** Restores revoked keys: one, all of a caller's, or all. */
  restoreKeys(caller?: TenantName, key?: KeyName): void;
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Starts a simulated Management API that listens on real HTTP. */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const { units = 200, seed = 1, port = 0, host = '127.0.0.1', latencyMs } = options;
  checkDataSource({ seed, units });

  let url = '';
  const { simulation, stats, faults, listener, reset, restart } = assembleSandbox({
    seed,
    units,
    host,
    url: () => url,
    policy: { ...(latencyMs !== undefined && { latencyMs }), ...options.policy },
    crowd: options.crowd,
    tokenLifetimeSeconds: options.tokenLifetimeSeconds,
    onExchange: options.onExchange,
  });
  const { policies, clock, world, book, lifecycle, callers, tokens } = simulation;
  // Keeps idle connections open through the pauses of a test, or of a person who explores by hand.
  const server = createServer({ keepAliveTimeout: 65_000 }, listener);
  server.listen({ port, host, backlog: 2048 });
  await once(server, 'listening');
  const address = server.address() as AddressInfo;
  url = urlOf(address);

  const close = async () => {
    if (!server.listening) return;
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  };
  return {
    url,
    address: address.address,
    keys: callers.keys.partner,
    callers: callers.keys,
    data: createSandboxData(world, book),
    clock,
    stats: stats.read,
    calls: stats.calls,
    reset,
    restart,
    policy: policies.values,
    setPolicy: policies.set,
    moveOrder: (id, status) => toMovedOrder(world, lifecycle.moveOrder(id, status)),
    editUnit: lifecycle.editUnit,
    editMerchant: lifecycle.editMerchant,
    addPricePackage: lifecycle.addPricePackage,
    removePricePackage: lifecycle.removePricePackage,
    deactivateUnit: lifecycle.deactivateUnit,
    deactivateMerchant: lifecycle.deactivateMerchant,
    connectUnit: lifecycle.connectUnit,
    resetState: () => simulation.reset(),
    fault: faults.add,
    faults: faults.list,
    clearFaults: faults.clear,
    revokeTokens: tokens.revoke,
    revokeKeys: callers.revoke,
    restoreKeys: callers.restore,
    close,
    [Symbol.asyncDispose]: close,
  };
}
