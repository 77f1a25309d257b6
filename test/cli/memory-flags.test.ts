import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { binary, startCli, startProgram } from './cli-process.ts';
import { startServing } from './serving.ts';

/** What V8 was told, by the command line that the system knows of the process. */
const flagsOf = (pid: number | undefined) =>
  readFileSync(`/proc/${pid}/cmdline`, 'utf8')
    .split('\0')
    .filter((argument) => /^--(max-semi-space-size|no-allocation-site-pretenuring)/.test(argument));
const CHOSEN = ['--max-semi-space-size=8', '--no-allocation-site-pretenuring'];

describe('the flags of V8', () => {
  it('are chosen for serve, in the process that was started, which still ends on SIGTERM', async () => {
    await using serving = await startServing({ SANDBOX_UNITS: '1' }, (env) => startCli(['serve'], env));
    expect(flagsOf(serving.cli.pid)).toEqual(CHOSEN);
    serving.cli.send('SIGTERM');
    expect(await serving.cli.exited).toEqual({ code: 0, signal: null });
  });

  it.each([
    { how: 'on the command line', flags: ['--max_semi_space_size=2'], env: {} },
    { how: 'in NODE_OPTIONS', flags: [], env: { NODE_OPTIONS: '--max-semi-space-size=2' } },
  ])('are left as they are when one is set $how', async ({ flags, env }) => {
    await using serving = await startServing({ SANDBOX_UNITS: '1', ...env }, (whole) =>
      startProgram(process.execPath, [...flags, binary, 'serve'], whole),
    );
    const set = flagsOf(serving.cli.pid);
    expect(set).not.toContain(CHOSEN[0]);
    expect(set).toContain(CHOSEN[1]);
  });

  it('are all left alone when all are set', async () => {
    const flags = ['--max-semi-space-size=2', '--allocation-site-pretenuring'];
    await using serving = await startServing({ SANDBOX_UNITS: '1' }, (whole) =>
      startProgram(process.execPath, [...flags, binary, 'serve'], whole),
    );
    expect(flagsOf(serving.cli.pid)).toEqual(flags.slice(0, 1));
  });

  it('keep the process of a parent that talks to it', async () => {
    const env = { PORT: '0', ADMIN_PORT: '0', DIRECTORY: 'off', SANDBOX_UNITS: '1' };
    const child = fork(binary, ['serve'], { env, execArgv: [], silent: true });
    try {
      if (!child.stdout) throw new Error('no stdout');
      await once(child.stdout, 'data');
      expect(child.connected).toBe(true);
      expect(flagsOf(child.pid)).toEqual([]);
    } finally {
      child.kill('SIGKILL');
    }
  });
});
