import { appendFileSync } from 'node:fs';
import { variablesOf } from '../test/support/variables.ts';
import { rows } from './rows.ts';
import { runRow } from './run-row.ts';

// npm run chaos [SCALE] [IDS or all] [NAME=VALUE]…: with these variables of the gateway, causes each fault with a gateway process, and prints what was promised and what was found.
const [scale = '1', ids = 'all', ...variables] = process.argv.slice(2);
const env = variablesOf(variables);
const wanted = ids === 'all' ? undefined : ids.split(',');
const print = (text: string) => appendFileSync(1, `${text}\n`);
let failed = 0;
for (const row of rows.filter(({ id }) => !wanted || wanted.includes(id))) {
  const { control, findings, megabytes } = await runRow(row, Number(scale), env);
  const kept = findings.filter((finding) => finding.kept).length;
  const isKept = control && kept === findings.length;
  if (!isKept) failed++;
  print(
    `${isKept ? 'ok    ' : 'FAILED'} ${row.id} ${row.what}: ${kept}/${findings.length}${control ? '' : ', and the control failed'}, ${megabytes} MB`,
  );
  for (const { promise, kept: isOne, figure } of findings)
    print(`       ${isOne ? ' ' : '✗'} ${promise}: ${figure}`);
}
process.exitCode = failed > 0 ? 1 : 0;
