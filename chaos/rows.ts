import type { Row } from './row.ts';
import { processRows } from './rows/process.ts';
import { readRows } from './rows/reads.ts';

/** Every row, in the order of its id. */
export const rows: readonly Row[] = [...readRows, ...processRows].sort((a, b) => (a.id < b.id ? -1 : 1));
