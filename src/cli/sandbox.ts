import type { SandboxConfig } from '../config/config.ts';
import { describeSandbox } from '../sandbox/describe.ts';
import { openSandbox } from './open-sandbox.ts';

/** Runs the sandbox alone until `stopped` resolves. Throws `ListenError`. */
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
