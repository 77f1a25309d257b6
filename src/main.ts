import { readArguments } from './cli/args.ts';
import { ChangesError } from './cli/changes/changes-error.ts';
import { ExportError } from './cli/export/export-error.ts';
import { FileSystemTimeout, requireFileSystemAnswer } from './cli/require-file-system.ts';
import { USAGE } from './cli/usage.ts';
import type { Config } from './config/config.ts';
import { ConfigError } from './config/config-error.ts';
import { withEnvFile } from './config/files/env-file.ts';
import type { SecretFiles } from './config/files/secret-file.ts';
import { readPackageInfo } from './config/package-info.ts';
import { readConfig } from './config/read-config.ts';
import { readSandboxConfig } from './config/sandbox-config.ts';
import { ListenError } from './server/http/listen.ts';

const print = (text: string) => process.stdout.write(text.endsWith('\n') ? text : `${text}\n`);
/** Resolves when the line has been written. Throws {@link ChangesError} when nobody reads it any more. */
const printLine = (line: string) =>
  new Promise<void>((resolve, reject) => {
    process.stdout.write(`${line}\n`, (error) =>
      error ? reject(new ChangesError(`The output cannot be written: ${error.message}`)) : resolve(),
    );
  });
// Messages for people go to stderr. stdout carries log lines and the output of commands.
const say = (text: string) => process.stderr.write(`${text}\n`);

// The listeners stay, so that a second signal does not kill the process while it finishes after the first one.
const stopped = new Promise<string>((resolve) => {
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => resolve(signal));
});

// 128 + SIGINT, as in shells.
const INTERRUPTED = 130;

const examine = async (config: Config) => {
  const { doctor } = await import('./cli/doctor.ts');
  return (await doctor(config, { print, say })) ? 0 : 1;
};

/** A command line that cannot be understood. */
class UsageError extends Error {}

/** Runs one command, and loads no other. Returns the exit code. */
async function main(args: string[]): Promise<number> {
  const { command, help, version, flags, envFile, mistakes } = readArguments(args);
  const env = withEnvFile(process.env, envFile);
  const packageInfo = readPackageInfo();
  const config = (files: SecretFiles) => readConfig(env, packageInfo, files);
  if (help) print(USAGE);
  else if (version) print(packageInfo.version);
  else if (flags.policy?.includes('help')) {
    const { describePolicies } = await import('./sandbox/policy/policy-text.ts');
    print(describePolicies());
  } else if (command === 'sandbox') {
    const { sandbox } = await import('./cli/sandbox.ts');
    await sandbox(readSandboxConfig(env, flags, mistakes), stopped, print);
  } else if (mistakes.length > 0) throw new UsageError(mistakes.join('\n'));
  else if (command === 'serve') {
    await requireFileSystemAnswer(env);
    const { serve } = await import('./cli/serve.ts');
    await serve(config, stopped, process.stderr);
  } else if (command === 'key') {
    const { keyMistakes, newKey } = await import('./cli/key.ts');
    const wrong = keyMistakes(flags);
    if (wrong.length > 0) throw new UsageError(wrong.join('\n'));
    print(newKey(flags));
  } else if (command === 'schema') print((await import('./cli/schema.ts')).printedSchema());
  else if (command === 'subgraph-schema')
    print(await (await import('./cli/schema.ts')).printedSubgraphSchema());
  else if (command === 'tenants-schema') print((await import('./cli/tenants-schema.ts')).tenantsSchema());
  else if (command === 'export') {
    const { exportUnits } = await import('./cli/export/export.ts');
    const { readExportFlags } = await import('./cli/export/flags.ts');
    const options = readExportFlags(flags);
    if (!('out' in options)) throw new UsageError(options.join('\n'));
    await requireFileSystemAnswer(env);
    const exported = exportUnits(config({ now: () => performance.now() }), options, say, process.stderr);
    return Promise.race([exported, stopped.then(() => INTERRUPTED)]);
  } else if (command === 'changes') {
    const { printChanges } = await import('./cli/changes/changes.ts');
    const { readChangesFlags } = await import('./cli/changes/flags.ts');
    const options = readChangesFlags(flags);
    if (!('url' in options)) throw new UsageError(options.join('\n'));
    const stop = new AbortController();
    void stopped.then(() => stop.abort());
    // The line that could not be written says so.
    process.stdout.on('error', () => {});
    await printChanges(options, { key: env['GATEWAY_KEY'], print: printLine, say, signal: stop.signal });
  } else if (command === 'doctor') {
    await requireFileSystemAnswer(env);
    const examined = examine(config({ now: () => performance.now() }));
    return Promise.race([examined, stopped.then(() => INTERRUPTED)]);
  } else throw new UsageError(`${command}: unknown command`);
  return 0;
}

/** Errors whose message says all. */
const isForPeople = (error: unknown): error is Error =>
  [ConfigError, ListenError, ExportError, ChangesError].some((type) => error instanceof type);

try {
  process.exitCode = await main(process.argv.slice(2));
  // Pending calls of an interrupted command must not keep the process alive.
  if (process.exitCode === INTERRUPTED) process.exit();
} catch (error) {
  if (isForPeople(error)) say(error.message);
  else if (error instanceof UsageError) say(`${error.message}\n\n${USAGE}`);
  else say(error instanceof Error ? (error.stack ?? error.message) : String(error));
  process.exitCode = 1;
  // Node waits for its threads before it exits, and one of them is waiting for the file system.
  if (error instanceof FileSystemTimeout) process.kill(process.pid, 'SIGKILL');
}
