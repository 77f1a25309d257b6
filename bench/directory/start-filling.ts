import type { Sandbox } from '../../src/sandbox/server.ts';
import { pointedAt, type Serving, startServing } from '../../test/cli/serving.ts';

/** Starts a gateway that fills a directory in a folder. */
export const startFilling = (sandbox: Sandbox, folder: string, callsPerSecond: string): Promise<Serving> =>
  startServing({
    ...pointedAt(sandbox),
    DIRECTORY: 'on',
    DIRECTORY_CALLS_PER_SECOND: callsPerSecond,
    DATA_DIR: folder,
  });
