import { parseArgs } from 'node:util';

export interface Arguments {
  /** Names of rows, or beginnings of names. Empty for all. */
  readonly only: readonly string[];
  /** Names of contestants. Empty for all. */
  readonly contestants: readonly string[];
  readonly rounds: number;
  /** Divides the time of each load. */
  readonly hurry: number;
  readonly json: string | undefined;
  readonly svg: string | undefined;
  readonly upstreamPort: number | undefined;
  /** Endpoints that run already, by name. */
  readonly endpoints: ReadonlyMap<string, string>;
  /** Request headers for them. */
  readonly headers: Readonly<Record<string, string>>;
  /** Other checkouts of the gateway, by name. */
  readonly gateways: ReadonlyMap<string, string>;
}

export const USAGE = `npm run bench -- [options]

  --only q2v,page            measure only rows whose names begin like this
  --contestants gateway,floor  measure only these
  --rounds 5                 rounds of each row; figures are medians of them
  --quick                    3 short rounds
  --json FILE, --svg FILE    write what was measured, and a chart of it
  --gateway NAME=FOLDER      also measure the gateway of another checkout
  --endpoint NAME=URL        also measure a server that runs already and asks the upstream on --upstream-port
  --header 'NAME: VALUE'     send a header to these endpoints
  --upstream-port PORT       port of the upstream
`;

/** A command line that cannot be understood. */
export class ArgumentError extends Error {}

/** Throws {@link ArgumentError}. */
export function readArguments(args: readonly string[]): Arguments {
  const { values } = parse(args);
  const quick = values.quick === true;
  const rounds = wholeNumber('--rounds', values.rounds) ?? (quick ? 3 : 5);
  const upstreamPort = wholeNumber('--upstream-port', values['upstream-port']);
  return {
    only: listOf(values.only),
    contestants: listOf(values.contestants),
    rounds,
    hurry: quick ? 2 : 1,
    json: values.json,
    svg: values.svg,
    upstreamPort,
    endpoints: new Map((values.endpoint ?? []).map((text) => pair('--endpoint', text, '='))),
    headers: Object.fromEntries((values.header ?? []).map((text) => pair('--header', text, ':'))),
    gateways: new Map((values.gateway ?? []).map((text) => pair('--gateway', text, '='))),
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        only: { type: 'string' },
        contestants: { type: 'string' },
        rounds: { type: 'string' },
        quick: { type: 'boolean' },
        json: { type: 'string' },
        svg: { type: 'string' },
        gateway: { type: 'string', multiple: true },
        endpoint: { type: 'string', multiple: true },
        header: { type: 'string', multiple: true },
        'upstream-port': { type: 'string' },
      },
    });
  } catch (error) {
    throw new ArgumentError(error instanceof Error ? error.message : String(error));
  }
}

const listOf = (text: string | undefined) => text?.split(',').filter((item) => item !== '') ?? [];

function wholeNumber(flag: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1)
    throw new ArgumentError(`${flag} must be a whole number above 0`);
  return value;
}

function pair(flag: string, text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  if (at < 1) throw new ArgumentError(`${flag} must have the form NAME${separator}VALUE`);
  return [text.slice(0, at).trim(), text.slice(at + 1).trim()];
}
