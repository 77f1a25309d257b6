import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { badRequests } from '../../src/server/errors/bad-requests.ts';
import { type CodeInfo, errorCodes } from '../../src/server/errors/codes.ts';
import { costMessages } from '../../src/server/errors/request-errors.ts';

const page = readFileSync(new URL('../../docs/error-codes.md', import.meta.url), 'utf8');
const tableUnder = (title: string) => {
  const section = page.split(`\n## ${title}\n`)[1]?.split('\n## ')[0] ?? '';
  return section
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .join('\n');
};
const table = (...rows: readonly (readonly unknown[])[]) => {
  const [head = [], ...body] = rows;
  return [head, head.map(() => '---'), ...body].map((row) => `| ${row.join(' | ')} |`).join('\n');
};

const statusOf = ({ stage, status }: CodeInfo) => (stage === 'document' ? `${status} or 200` : status);

describe('docs/error-codes.md', () => {
  it('lists every code with its message, as codes.ts has it', () => {
    const rows = Object.entries<CodeInfo>(errorCodes).map(([code, info]) => [
      `\`${code}\``,
      statusOf(info),
      info.retryable ? 'yes' : 'no',
      info.what,
      info.action,
    ]);
    expect(tableUnder('Codes')).toBe(
      table(['Code', 'HTTP status', 'Retry', 'What happened', 'What to do'], ...rows),
    );
  });

  it('lists every message of a bad request with its status, as bad-requests.ts has it', () => {
    const rows = Object.values(badRequests).map(({ status, message }) => [status, message]);
    expect(tableUnder('Bad requests')).toBe(table(['HTTP status', 'Message'], ...rows));
  });

  it('lists every reason why an operation is too expensive, as request-errors.ts has it', () => {
    const rows = Object.values(costMessages).map((message) => [message]);
    expect(tableUnder('Operations that are too expensive')).toBe(table(['Message'], ...rows));
  });
});
