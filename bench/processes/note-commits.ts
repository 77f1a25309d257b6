import { appendFileSync } from 'node:fs';
import { ChangeFeed } from '../../src/directory/changes/feed.ts';

// node --import bench/processes/note-commits.ts …: writes down when the gateway learns that a change was stored, in the
// file COMMITS_FILE, as lines of its sequence number and the time.
const { COMMITS_FILE = '' } = process.env;
const { add } = ChangeFeed.prototype;
ChangeFeed.prototype.add = function (stored) {
  for (const { sequence } of stored.changes) appendFileSync(COMMITS_FILE, `${sequence} ${Date.now()}\n`);
  add.call(this, stored);
};
