import { type Ask, connect, GatewayError } from './gateway.ts';

/** Runs a script on the gateway of the environment. A note says what is missing from the result: the exit code is 1. */
export async function run(script: (ask: Ask, note: (text: string) => void) => Promise<void>): Promise<void> {
  const { GATEWAY_URL = 'http://127.0.0.1:4000/graphql', GATEWAY_KEY } = process.env;
  const note = (text: string) => {
    process.exitCode = 1;
    console.error(text);
  };
  try {
    await script(connect(GATEWAY_URL, GATEWAY_KEY), note);
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    note(error.message);
  }
}
