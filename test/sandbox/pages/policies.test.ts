import { describe, expect, it } from 'vitest';
import { policyDefinition, policyNames } from '../../../src/sandbox/policy/policy.ts';
import { startSandbox } from '../../../src/sandbox/server.ts';
import { press, rowsOf, visit } from '../page-client.ts';

const PATH = '/_sandbox/ui/policies';
const read = async (sandbox: Parameters<typeof visit>[0], name: string) => {
  const row = rowsOf((await visit(sandbox, PATH)).body).find((one) => one.includes(`<code>${name}</code>`));
  const options = [...(row ?? '').matchAll(/<option value="([^"]*)"( selected)?>([^<]*)</g)];
  return {
    row: row ?? '',
    options: options.map(([, value]) => value),
    selected: options.filter(([, , selected]) => selected).map(([, value]) => value),
    number: /type="number" required min="(\d+)" max="(\d+)" value="(\d+)"/.exec(row ?? '')?.slice(1),
    initial: /data-name="Default"><code>([^<]*)</.exec(row ?? '')?.[1],
    isChanged: row?.includes('>changed<'),
  };
};

describe('the policies page', () => {
  it('shows of each policy what it is, what it can be and what it was unless told otherwise', async () => {
    await using sandbox = await startSandbox();
    expect(policyNames.length).toBeGreaterThan(30);
    for (const name of policyNames) {
      const { choices, default: initial } = policyDefinition(name);
      const shown = await read(sandbox, name);
      expect(shown).toMatchObject({ initial: String(initial), isChanged: false });
      if ('minimum' in choices)
        expect(shown.number).toEqual([choices.minimum, choices.maximum, initial].map(String));
      else expect(shown).toMatchObject({ options: choices.map(String), selected: [String(initial)] });
    }
  });

  it.each([
    ['lateDeleteStatus', '409', 409],
    ['problemTraceId', 'false', false],
    ['refusalForm', 'problem', 'problem'],
    ['rateLimitPerMinute', '7', 7],
  ] as const)('sets %s to %s and leaves the others alone', async (name, text, value) => {
    await using sandbox = await startSandbox();
    const before = { ...sandbox.policy };
    const {
      text: told,
      failed,
      location,
    } = await press(sandbox, `policies/${name}`, {
      value: text,
      back: PATH,
    });
    expect([told, failed]).toEqual([`${name} is now ${text}.`, false]);
    expect(location).toContain(`${PATH}?notice=`);
    expect(sandbox.policy).toEqual({ ...before, [name]: value });
    const { selected, number, initial, isChanged } = await read(sandbox, name);
    expect(number?.[2] ?? selected[0]).toBe(text);
    expect([initial, isChanged]).toEqual([String(before[name]), true]);
  });

  it.each([
    ['lateDeleteStatus', '418', 'lateDeleteStatus must be one of 400, 403, 404, 409.'],
    ['rateLimitPerMinute', '-1', 'rateLimitPerMinute must be a whole number from 0 to 1000000.'],
    ['rateLimitPerMinute', '', 'rateLimitPerMinute must be a whole number from 0 to 1000000.'],
    ['noSuchPolicy', '1', 'There is no policy noSuchPolicy.'],
  ])('tells why %s cannot be %j, and changes nothing', async (name, value, text) => {
    await using sandbox = await startSandbox();
    const before = { ...sandbox.policy };
    expect(await press(sandbox, `policies/${name}`, { value, back: PATH })).toMatchObject({
      text,
      failed: true,
    });
    expect(sandbox.policy).toEqual(before);
  });
});
