import { startSandbox } from '../../src/sandbox/server.ts';

const sandbox = await startSandbox({ units: 1_000, latencyMs: 0 });
process.once('disconnect', () => process.exit());
process.send?.({ url: sandbox.url, keys: sandbox.keys, msns: sandbox.data.msns });
