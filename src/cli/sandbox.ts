import type { SandboxConfig } from '../config/config.ts';
import { describeSandbox } from '../sandbox/describe.ts';
import { type Sandbox, startSandbox } from '../sandbox/server.ts';
import { ListenError, listenError } from '../server/http/listen.ts';

/** Runs the sandbox alone until `stopped` resolves, for any client of the Management API. Throws `ListenError`. */
export async function sandbox(
  config: SandboxConfig,
  stopped: Promise<string>,
  print: (text: string) => void,
): Promise<void> {
  const running = await openSandbox(config);
  print(describeSandbox(running));
  await stopped;
  await running.close();
}

/** The sandbox as it is configured. Throws `ListenError`. */
export function openSandbox(config: SandboxConfig): Promise<Sandbox> {
  return startSandbox(config).catch((error) => {
    if (error.code === 'EADDRNOTAVAIL')
      throw new ListenError(`${config.hostName}: is no address of this machine`);
    throw listenError(error, config.portName, config.port);
  });
}
