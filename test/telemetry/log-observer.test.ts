import { Writable } from 'node:stream';
import { expect, it } from 'vitest';
import { createLog } from '../../src/telemetry/log.ts';
import { createLogObserver } from '../../src/telemetry/log-observer.ts';

it('logs the first drift of each field and every failure of the store', () => {
  const lines: Record<string, unknown>[] = [];
  const stream = new Writable({
    write(line, _encoding, done) {
      lines.push(JSON.parse(String(line)));
      done();
    },
  });
  const observer = createLogObserver(createLog('info', stream));
  for (const field of ['name', 'name', 'status']) observer.contractDrift('GET /x', field);
  for (let count = 0; count < 2; count++) observer.storeFailed(new Error('disk full'));
  expect(lines.map(({ level, field }) => [level, field])).toEqual([
    ['warn', 'name'],
    ['warn', 'status'],
    ['error', undefined],
    ['error', undefined],
  ]);
});
