import type { Row } from './row.ts';
import { answerRows } from './rows/answers.ts';
import { connectionRows } from './rows/connection.ts';
import { directoryRows } from './rows/directory.ts';
import { processRows } from './rows/process.ts';
import { readRows } from './rows/reads.ts';
import { tenantRows } from './rows/tenants.ts';
import { tokenRows } from './rows/tokens.ts';

/** Every row, in the order of its id. */
export const rows: readonly Row[] = [
  ...readRows,
  ...answerRows,
  ...tokenRows,
  ...connectionRows,
  ...processRows,
  ...tenantRows,
  ...directoryRows,
].sort((a, b) => (a.id < b.id ? -1 : 1));
