import type { SandboxConfig } from '../config/config.ts';
import { type Sandbox, startSandbox } from '../sandbox/server.ts';
import { ListenError, listenError } from '../server/http/listen.ts';

/** Starts the sandbox. Throws a `ListenError` that names the variable or flag to change. */
export function openSandbox(config: SandboxConfig): Promise<Sandbox> {
  return startSandbox(config).catch((error) => {
    if (error.code === 'EADDRNOTAVAIL')
      throw new ListenError(`${config.hostName}: is not an address of this machine`);
    throw listenError(error, config.portName, config.port);
  });
}
