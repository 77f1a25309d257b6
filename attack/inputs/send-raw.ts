import type { Client } from '../client.ts';

const TRIES = 5;

/**
 * Sends bytes until an answer arrives. When a server refuses a request before its end, the system may discard the answer
 * together with what was sent after it; another try shows the answer.
 */
export async function sendUntilAnswered(client: Client, bytes: () => Iterable<string | Buffer>) {
  let answer = await client.raw(bytes());
  for (let tries = 1; tries < TRIES && answer.text === ''; tries++) answer = await client.raw(bytes());
  return answer;
}
