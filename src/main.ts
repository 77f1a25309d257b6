import { readArguments } from './cli/args.ts';
import { doctor } from './cli/doctor.ts';
import { FileSystemSilent, requireFileSystemAnswer } from './cli/file-system-answer.ts';
import { newKey } from './cli/key.ts';
import { sandbox } from './cli/sandbox.ts';
import { printedSchema } from './cli/schema.ts';
import { serve } from './cli/serve.ts';
import { tenantsSchema } from './cli/tenants-schema.ts';
import type { Config } from './config/config.ts';
import { ConfigError } from './config/config-error.ts';
import { readPackageInfo } from './config/package-info.ts';
import { readConfig } from './config/read-config.ts';
import { readSandboxConfig } from './config/sandbox-config.ts';
import type { SecretFiles } from './config/secret-file.ts';
import { describePolicies } from './sandbox/policy/policy-text.ts';
import { ListenError } from './server/http/listen.ts';

const USAGE = `Usage: management-graphql [command]

  serve            the gateway; without MANAGEMENT_API_URL on an embedded sandbox (default)
  sandbox          the sandbox alone, for any client of the Management API
  schema           prints the GraphQL schema
  tenants-schema   prints the JSON Schema of TENANTS_FILE, for editors
  key              makes a key for a caller, and its hash for TENANTS_FILE
  doctor           checks the configuration, the keys and what they can see

  -h, --help      this text
  -v, --version   the version

Flags of sandbox, which win over its variables:

  --port N              SANDBOX_PORT, any free one by default
  --host ADDRESS        SANDBOX_HOST, 127.0.0.1 by default; whoever reaches another can steer it
  --units N             SANDBOX_UNITS, sales units that the partner sees
  --seed N              SANDBOX_SEED, decides all data and keys
  --latency MS          SANDBOX_LATENCY_MS, how long every call takes
  --policy NAME=VALUE   SANDBOX_POLICY, what the sandbox does where nothing is documented; may be repeated
  --policy help         prints all policies with their choices

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

/** Runs one command; gives the exit code. */
async function main(args: string[]): Promise<number> {
  const { command, help, version, flags, mistakes } = readArguments(args);
  const packageInfo = readPackageInfo();
  const config = (files: SecretFiles) => readConfig(process.env, packageInfo, files);
  if (help) print(USAGE);
  else if (version) print(packageInfo.version);
  else if (flags.policy?.includes('help')) print(describePolicies());
  else if (command === 'sandbox')
    await sandbox(readSandboxConfig(process.env, flags, mistakes), stopped, print);
  else if (mistakes.length > 0) throw new UsageError(mistakes.join('\n'));
  else if (command === 'serve') {
    await requireFileSystemAnswer(process.env);
    await serve(config, stopped, say);
  } else if (command === 'key') print(newKey());
  else if (command === 'schema') print(printedSchema());
  else if (command === 'tenants-schema') print(tenantsSchema());
  else if (command === 'doctor') {
    await requireFileSystemAnswer(process.env);
    const examined = examine(config({ now: () => performance.now() }));
    return Promise.race([examined, stopped.then(() => INTERRUPTED)]);
  } else throw new UsageError(`there is no command ${command}`);
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
  // Node waits for its threads before it exits, and one of them waits for the file system.
  if (error instanceof FileSystemSilent) process.kill(process.pid, 'SIGKILL');
}
