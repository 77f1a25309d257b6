import { describe, expect, it } from 'vitest';
import { RowAdmission } from '../../../src/server/limits/row-admission.ts';
import { Cancellation } from '../../../src/upstream/cancellation.ts';

const MAX_ROWS = 10_000;

/** Whether it has entered by now. */
async function isIn(entered: Promise<() => void>): Promise<boolean> {
  return Promise.race([entered.then(() => true), new Promise<false>((no) => setImmediate(no, false))]);
}

describe('the rows that operations hold together', () => {
  it('are half of all for one tenant, and leave room for another', async () => {
    const admission = new RowAdmission(MAX_ROWS);
    const enter = (tenant: string) => admission.enter(tenant, MAX_ROWS, new Cancellation());
    const leave = await enter('a');
    const waiting = enter('a');
    expect(await isIn(waiting)).toBe(false);
    expect(await isIn(enter('b'))).toBe(true);
    leave();
    leave();
    expect(await isIn(waiting)).toBe(true);
    expect(await isIn(enter('a'))).toBe(false);
  });

  it('are never waited for by a small operation', async () => {
    const admission = new RowAdmission(MAX_ROWS);
    await admission.enter('a', MAX_ROWS, new Cancellation());
    expect(await isIn(admission.enter('a', 1_999, new Cancellation()))).toBe(true);
  });

  it('are waited for until the operation has to end', async () => {
    const admission = new RowAdmission(MAX_ROWS);
    await admission.enter('a', MAX_ROWS, new Cancellation());
    const end = new Cancellation();
    const entered = admission.enter('a', MAX_ROWS, end);
    end.cancel(new Error('the deadline'));
    await expect(entered).rejects.toThrow('the deadline');
  });
});
