import { fileURLToPath } from 'node:url';
import { createContractCheck } from '../../support/contract.ts';

export const controlContract = fileURLToPath(
  new URL('../../../contract/sandbox-control.openapi.yaml', import.meta.url),
);

/** One call of the control API as the client saw it. */
interface ControlExchange {
  method: string;
  path: string;
  requestBody: string;
  status: number;
  contentType: string | null;
  responseBody: string;
}

let check: ReturnType<typeof createContractCheck> | undefined;

/**
 * How the exchange breaks the control API's document. What was refused was wrong on purpose, so then only the answer
 * counts; what was taken must have been right by the document.
 */
export async function controlViolations(exchange: ControlExchange): Promise<string[]> {
  check ??= createContractCheck(controlContract);
  const { requestBody, contentType, responseBody, ...rest } = exchange;
  const violations = (await check)({
    ...rest,
    path: isDecodable(rest.path) ? rest.path : rest.path.replaceAll('%', '%25'),
    template: '',
    requestHeaders: requestBody === '' ? {} : { 'content-type': 'application/json' },
    requestBody: Buffer.from(requestBody),
    responseHeaders: contentType === null ? {} : { 'content-type': contentType },
    responseBody: Buffer.from(responseBody),
    faulted: false,
  });
  return exchange.status < 400
    ? violations
    : violations.filter((violation) => violation.includes(': response'));
}

// The router of the document cannot read a path that is not.
function isDecodable(path: string): boolean {
  try {
    return decodeURIComponent(path) !== '';
  } catch {
    return false;
  }
}
