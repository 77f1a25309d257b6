import type { Config } from '../config.ts';
import { describeSandbox } from '../sandbox/describe.ts';
import { startSandbox } from '../sandbox/server.ts';

/** Runs the sandbox alone until `stopped` resolves, for any client of the Management API. */
export async function sandbox(
  config: Config,
  stopped: Promise<string>,
  print: (text: string) => void,
): Promise<void> {
  const running = await startSandbox(config.sandbox);
  print(describeSandbox(running));
  await stopped;
  await running.close();
}
