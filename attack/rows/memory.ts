import { readEventLoop } from '../process-metrics.ts';
import { graphqlRequest, type Row } from '../test-context.ts';

const MEBIBYTE = 1024 * 1024;
const DOCUMENT_BYTES = 20_000;

/** A48: documents that are all different. */
export const memoryRows = (documents: number): readonly Row[] => [
  {
    id: 'A48',
    what: `${documents} documents that are all different`,
    run: async ({ target, send, check }) => {
      const { heapBytes: before } = await readEventLoop(target.process);
      const padding = 'x'.repeat(DOCUMENT_BYTES);
      for (const tail of ['}', '']) {
        for (let index = 0; index < documents; index += 10)
          await Promise.all(
            Array.from({ length: 10 }, (_, more) =>
              send(graphqlRequest(target, `{ a${index + more}: __typename #${padding}\n${tail}`)),
            ),
          );
      }
      const { heapBytes: after } = await readEventLoop(target.process);
      check(
        'at most 64 MiB stay',
        after - before <= 64 * MEBIBYTE,
        `${Math.round((after - before) / MEBIBYTE)} MiB`,
      );
    },
  },
];
