import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import * as errors from '../../src/upstream/errors.ts';
import { BROKEN } from '../../src/upstream/models/broken.ts';
import { UNUSABLE_LINK } from '../../src/upstream/models/link.ts';
import { Channel, ChannelClosed } from '../../src/workers/channel.ts';
import { fromWire, toWire } from '../../src/workers/wire.ts';

const details = {
  route: 'GET /',
  status: 403,
  problem: { writtenBy: 'api', extraDetails: [{ name: 'a', reason: 'b' }] } as const,
  reason: 'timeout' as const,
  sent: false,
  retryAfterMs: 7,
  namesUnit: true,
};
const examples: readonly Error[] = [
  new errors.UpstreamRejected('no', details),
  new errors.UpstreamConflict('no', details),
  new errors.UpstreamUnauthorized('no', details),
  new errors.UpstreamBlocked('no', details),
  new errors.UpstreamRateLimited('no', details),
  new errors.UpstreamUnavailable('no', details),
  new errors.UpstreamContractError('no', { ...details, cause: new Error('inner') }),
  new errors.OutcomeUnknown('no', { cause: new errors.DeadlineExceeded('late') }),
  new errors.IdempotencyStoreUnavailable('no'),
  new errors.IdempotencyKeyReused('no'),
  new errors.QueueFull('no'),
  new errors.CircuitOpen('GET /', 5),
  new errors.NotCached('no'),
  new errors.DeadlineExceeded('no'),
  new errors.ClientLeft('no'),
];

describe('what goes from one process to another', () => {
  it.each(examples.map((error) => [error.name, error] as const))(
    'keeps the class and facts of %s',
    (_name, error) => {
      const read = fromWire<Error>(toWire(error));
      expect(read).toBeInstanceOf(error.constructor);
      expect(read).toBeInstanceOf(Error);
      expect({ ...read }).toEqual({ ...error });
      expect([read.message, read.stack]).toEqual([error.message, error.stack]);
      expect(read.cause).toEqual(error.cause);
      if (error.cause) expect(read.cause).toBeInstanceOf((error.cause as Error).constructor);
    },
  );

  it('has an example of every error of the upstream', () => {
    const names = Object.keys(errors).filter((name) => name !== 'UpstreamError');
    expect(new Set(examples.map(({ name }) => name))).toEqual(new Set(names));
  });

  it('keeps unreadable leaves, maps, infinite numbers and text that looks like a mark', () => {
    const value = {
      name: BROKEN,
      link: UNUSABLE_LINK,
      map: new Map([['a', new Set([1])]]),
      most: Number.POSITIVE_INFINITY,
      text: ['\u0000broken', '\u0000text', 'a\u0000map', '\n'],
      nothing: null,
    };
    expect(fromWire(toWire(value))).toEqual(value);
  });
});

describe('a channel', () => {
  const open: Socket[] = [];
  afterEach(() => {
    for (const socket of open.splice(0)) socket.destroy();
  });
  const pair = async (onClose = () => {}) => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const client = connect((server.address() as { port: number }).port, '127.0.0.1');
    const [accepted] = (await once(server, 'connection')) as [Socket];
    server.close();
    open.push(client, accepted);
    return { worker: new Channel(client, onClose), primary: new Channel(accepted, () => {}), accepted };
  };

  it('answers requests, and throws what their handler throws', async () => {
    const { worker, primary } = await pair();
    primary.handle('authFailure', (network) => {
      if (network === 'bad') throw new errors.QueueFull('full');
      return { failures: network.length, msLeft: 1 };
    });
    expect(await worker.request('authFailure', 'ab')).toEqual({ failures: 2, msLeft: 1 });
    await expect(worker.request('authFailure', 'bad')).rejects.toBeInstanceOf(errors.QueueFull);
  });

  it('keeps the order of notices and replies, and carries long lists whole', async () => {
    const { worker, primary } = await pair();
    const list = Array.from({ length: 12_345 }, (_, index) => ({ msn: `å${index}` }));
    const seen: unknown[] = [];
    worker.on('sent', (call) => seen.push(call));
    primary.handle('directory', () => {
      primary.notify('sent', 1);
      return { value: list };
    });
    const answer = await worker.request('directory', { tenant: 'a', method: 'units', args: [] });
    expect(seen).toEqual([1]);
    expect(answer.value).toEqual(list);
  });

  it('fails what waits when the other process ends', async () => {
    let closed = 0;
    const { worker, accepted } = await pair(() => closed++);
    const waiting = worker.request('ping', undefined);
    accepted.destroy();
    await expect(waiting).rejects.toBeInstanceOf(ChannelClosed);
    await expect(worker.request('ping', undefined)).rejects.toBeInstanceOf(ChannelClosed);
    expect(closed).toBe(1);
  });
});
