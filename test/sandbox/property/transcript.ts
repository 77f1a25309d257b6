import fc from 'fast-check';
import { anyCase } from './any-request.ts';
import { startTarget } from './target.ts';
import { headersOf, issueTokens } from './tokens.ts';

const QUESTIONS = 400;

// What differs from one run to the next for good reason: the port; ids of errors and tokens, which are random; and
// what the clock says.
const unsettled: readonly (readonly [RegExp, string])[] = [
  [/http:\/\/127\.0\.0\.1:\d+/g, '(url)'],
  [/"instance":"urn:uuid:[0-9a-f-]{36}"/g, '"instance":"(random)"'],
  [/"traceId":"[0-9a-f]{32}"/g, '"traceId":"(random)"'],
  [/"access_token":"[^"]+"/g, '"access_token":"(random)"'],
  [/"(expires_on|not_before)":"\d+"/g, '"$1":"(time)"'],
];

/** Starts a sandbox, asks it the same questions each time, one after the other, and gives the answers. */
export async function transcript(options: { seed: number; units: number }): Promise<string[]> {
  await using target = await startTarget(options);
  const keys = await issueTokens(target);
  const answers: string[] = [];
  const ask = async (
    method: string,
    path: string,
    headers: Record<string, string>,
    body?: string | Buffer,
  ) => {
    const { status, contentType, text } = await target.send({
      method,
      path,
      headers,
      ...(body !== undefined && { body }),
    });
    const settled = unsettled.reduce((settling, [pattern, name]) => settling.replace(pattern, name), text);
    answers.push(`${status} ${contentType} ${settled}`);
    return text;
  };

  // Sampling by a seed gives the same questions again, in so far as they name the same data.
  const cases = fc.sample(anyCase(target, keys), { seed: 1, numRuns: QUESTIONS });
  for (const [place, caseAt] of cases.entries()) {
    const { method, path, headers, body } = caseAt(place).request;
    await ask(method, path, { ...headers }, body);
  }
  const own = headersOf(target, keys, 'partner');
  for (const { id, status, type } of target.data.orders.slice(0, 20)) {
    if (id !== undefined && type === 'PREFILL' && status === 'RECEIVED') {
      answers.push((await target.control(`orders/${id}`, { status: 'COMPLETED' })).text);
    }
  }
  for (const { msn } of JSON.parse(await ask('GET', '/management/v1/sales-units', own))) {
    const { businessIdentifier } = JSON.parse(await ask('GET', `/management/v1/sales-units/${msn}`, own));
    const merchant = JSON.parse(
      await ask('GET', `/management/v1/merchants/${businessIdentifier.scheme}/${businessIdentifier.id}`, own),
    );
    // A merchant that came with an order was made just now.
    if (Date.parse(merchant.createdAt) > Date.now() - 86_400_000) {
      answers[answers.length - 1] = answers.at(-1)?.replaceAll(merchant.createdAt, '(time)') ?? '';
    }
  }
  await ask('GET', '/management/v2/product-orders?includeExpired=true', own);
  await ask('GET', '/management/v1/partners/price-packages', own);
  return answers;
}
