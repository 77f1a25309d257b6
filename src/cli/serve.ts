import type { Config, DirectoryConfig } from '../config/config.ts';
import { ConfigurationFreshness } from '../config/configuration-freshness.ts';
import type { SecretFiles } from '../config/files/secret-file.ts';
import { watchTenants } from '../config/tenants/watch-tenants.ts';
import { describeFillTime } from '../directory/fill-time.ts';
import { createLog, type Log, SHARED_FIELD_BYTES } from '../telemetry/log.ts';
import { hasSdk } from '../telemetry/tracing.ts';
import { openOutcomes } from './open-outcomes.ts';
import { openUpstream } from './open-upstream.ts';
import type { ProgressOutput } from './progress.ts';
import { showFilling } from './show-filling.ts';

/** Runs the gateway until `stopped` resolves. Throws `ConfigError` and `ListenError`. `terminal`: where a person reads. */
export async function serve(
  readConfig: (files: SecretFiles) => Config,
  stopped: Promise<string>,
  terminal: ProgressOutput,
): Promise<void> {
  let log: Log | undefined;
  const freshness = new ConfigurationFreshness();
  const files: SecretFiles = {
    now: () => performance.now(),
    onProblem: (name, problem) => {
      freshness.mark(name, problem !== undefined);
      if (problem === undefined) log?.info({ name }, 'the secret file can be used again');
      else
        log?.error({ name, problem }, 'the secret file cannot be used: the last valid secret stays in use');
    },
  };
  const config = readConfig(files);
  log = createLog(config.log.level, undefined, config.workers > 1 ? SHARED_FIELD_BYTES : undefined);
  await serveWith(config, { files, freshness, log }, stopped, terminal);
}

interface Surroundings {
  readonly files: SecretFiles;
  readonly freshness: ConfigurationFreshness;
  readonly log: Log;
}

async function serveWith(
  config: Config,
  { files, freshness, log }: Surroundings,
  stopped: Promise<string>,
  terminal: ProgressOutput,
): Promise<void> {
  const outcomes = await openOutcomes(config, log);
  const { upstream, close } = await openUpstream(config);
  try {
    const start = await loadStart(config.workers);
    const gateway = await start(config, { upstream, store: outcomes, freshness, log });
    const unwatch = config.tenants.file
      ? watchTenants(config.tenants.file, {
          files,
          log,
          entries: upstream.tenants,
          freshness,
          onChange: gateway.updateTenants,
        })
      : () => {};
    log.info({ port: gateway.port, adminPort: gateway.adminPort, upstream: upstream.url }, 'listening');
    for (const warning of config.warnings) log.warn(warning);
    if (config.traces.endpoint && !hasSdk())
      log.warn(
        'OTEL_EXPORTER_OTLP_ENDPOINT has no effect: no OpenTelemetry SDK is loaded, see docs/operations.md',
      );
    terminal.write(banner(config, gateway.port, upstream.url));
    const stopShowing = showFilling(gateway.directoryRecords, terminal);
    const signal = await stopped;
    log.info({ signal }, 'stopping');
    stopShowing();
    unwatch();
    await gateway.stop();
    log.info('stopped');
  } finally {
    await close();
    outcomes.close();
  }
}

/** Loads what runs in this process: the whole gateway, or what its workers share. */
async function loadStart(workers: number) {
  if (workers > 1) return (await import('../workers/primary/start-primary.ts')).startPrimary;
  return (await import('../server/start.ts')).startGateway;
}

function banner(config: Config, port: number, url: string): string {
  const { http, upstream, sandbox, graphiql, directory } = config;
  const address = `http://${http.host.includes(':') ? `[${http.host}]` : http.host}:${port}/graphql`;
  const lines = [
    [graphiql.enabled ? 'GraphiQL' : 'GraphQL', address],
    [
      'data from',
      upstream.url
        ? `the Management API at ${url}`
        : `an embedded sandbox of ${sandbox.units} sales units at ${url}; it has no real data and needs no keys`,
    ],
    [
      'directory',
      directory ? describeDirectory(directory) : 'off: no search, see DIRECTORY in docs/configuration.md',
    ],
  ] as const;
  return `\n${lines.map(([name, text]) => `  ${name.padEnd(11)}${text}`).join('\n')}\n\n`;
}

/** The embedded sandbox is read as fast as it can be. */
function describeDirectory({ callsPerSecond, folder }: DirectoryConfig): string {
  const place = `search and merchants, kept ${folder ? `in ${folder}` : 'in memory'}`;
  return Number.isFinite(callsPerSecond)
    ? `${place}; the first fill takes ${describeFillTime(1_000, callsPerSecond)} for each 1,000 sales units`
    : place;
}
