import { parseArgs } from 'node:util';
import { doctor } from './cli/doctor.ts';
import { readPackageInfo } from './cli/package-info.ts';
import { sandbox } from './cli/sandbox.ts';
import { printedSchema } from './cli/schema.ts';
import { serve } from './cli/serve.ts';
import { type Config, ConfigError, readConfig, readSandboxConfig } from './config.ts';
import { ListenError } from './server/listen.ts';

const USAGE = `Usage: management-graphql [command]

  serve     the gateway; without MANAGEMENT_API_URL on an embedded sandbox (default)
  sandbox   the sandbox alone, for any client of the Management API
  schema    prints the GraphQL schema
  doctor    checks the configuration, the keys and what they can see

  -h, --help      this text
  -v, --version   the version

The configuration comes from environment variables: see the table in README.md.
`;

const print = (text: string) => process.stdout.write(text.endsWith('\n') ? text : `${text}\n`);
// People read stderr; stdout belongs to the log lines and to what a command was asked for.
const say = (text: string) => process.stderr.write(`${text}\n`);

// The listeners stay: a second signal means the same wish and must not kill what the first one lets finish.
const stopped = new Promise<string>((resolve) => {
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => resolve(signal));
});

// 128 + SIGINT, as shells have it.
const INTERRUPTED = 130;

const examine = async (config: Config) => ((await doctor(config, { print, say })) ? 0 : 1);

/** A command line that means nothing. */
class UsageError extends Error {}

function readArguments(args: string[]) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: { help: { type: 'boolean', short: 'h' }, version: { type: 'boolean', short: 'v' } },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

/** Runs one command; gives the exit code. */
async function main(args: string[]): Promise<number> {
  const { values, positionals } = readArguments(args);
  const [command = 'serve', ...rest] = positionals;
  const packageInfo = readPackageInfo();
  const config = () => readConfig(process.env, packageInfo, { now: () => performance.now() });
  if (values.help) print(USAGE);
  else if (values.version) print(packageInfo.version);
  else if (rest.length > 0) throw new UsageError(`${command} takes no argument`);
  else if (command === 'serve') await serve(config(), stopped, say);
  else if (command === 'sandbox') await sandbox(readSandboxConfig(process.env), stopped, print);
  else if (command === 'schema') print(printedSchema());
  else if (command === 'doctor') return Promise.race([examine(config()), stopped.then(() => INTERRUPTED)]);
  else throw new UsageError(`there is no command ${command}`);
  return 0;
}

try {
  process.exitCode = await main(process.argv.slice(2));
  // What an interrupted command still waits for must not keep the process.
  if (process.exitCode === INTERRUPTED) process.exit();
} catch (error) {
  if (error instanceof ConfigError || error instanceof ListenError) say(error.message);
  else if (error instanceof UsageError) say(`${error.message}\n\n${USAGE}`);
  else say(error instanceof Error ? (error.stack ?? error.message) : String(error));
  process.exitCode = 1;
}
