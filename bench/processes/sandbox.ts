import { startSandbox } from '../../src/sandbox/server.ts';

/** What the process is told, as JSON in its only argument. */
export interface SandboxOrder {
  readonly units: number;
  readonly latencyMs: number;
  /** Any free one when left out. */
  readonly port?: number;
}

const sandbox = await startSandbox(JSON.parse(process.argv[2] ?? '{}') as SandboxOrder);
process.once('disconnect', () => process.exit());
process.send?.({ url: sandbox.url, keys: sandbox.keys, msns: sandbox.data.msns });
