/** The file descriptor of the {@link Channel} in a worker, after the standard streams and the channel of node:cluster. */
export const CHANNEL_FD = 4;
