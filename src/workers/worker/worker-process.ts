import { Socket } from 'node:net';
import { Channel } from '../channel.ts';
import { CHANNEL_FD } from '../channel-fd.ts';
import { runWorker } from './run-worker.ts';

// The entry of a worker. Only the primary starts it.

// The primary says when to stop: a terminal and systemd signal every process of the group.
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => {});

// A worker is of no use without the primary, which makes its calls and has the port.
const channel = new Channel(new Socket({ fd: CHANNEL_FD }), () => process.exit(1));
runWorker(channel, () => process.exit(0));
