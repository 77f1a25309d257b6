/** A shell block of a page, and what the page says that it prints. */
export interface ShellBlock {
  readonly line: number;
  /** The word after `sh`, if any. */
  readonly name: string | undefined;
  readonly script: string;
  readonly expected: { readonly language: 'json' | 'text'; readonly text: string } | undefined;
}

const FENCE = /^```(\w+)(?: (\w+))?\n([\s\S]*?)^```$/gm;

/** Returns the shell blocks of a page in Markdown. A block of JSON or text after one is what it prints. */
export function readShellBlocks(page: string): ShellBlock[] {
  const fences = [...page.matchAll(FENCE)];
  return fences.flatMap(([, language, name, script = ''], at) => {
    if (language !== 'sh') return [];
    const [, next, , text = ''] = fences[at + 1] ?? [];
    const expected = next === 'json' || next === 'text' ? ({ language: next, text } as const) : undefined;
    const line = page.slice(0, fences[at]?.index).split('\n').length;
    return [{ line, name, script, expected }];
  });
}

// Random values, and values that depend on the seed: only the kind of value is compared.
const variable: readonly (readonly [RegExp, string])[] = [
  [/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi, '(uuid)'],
  [/\b[0-9a-f]{32}\b/g, '(hex)'],
  [/"msn":"\d{4,10}"/g, '"msn":"(msn)"'],
];

/**
 * Returns printed text in a form that can be compared: JSON without its layout, and ids as their kind. Of a JSON list
 * only as many items are compared as the page shows.
 */
export function settle({ language, text }: { language: string; text: string }, shownItems?: number): unknown {
  const settleText = (raw: string) =>
    variable.reduce((settled, [pattern, kind]) => settled.replaceAll(pattern, kind), raw);
  if (language === 'text')
    return settleText(text)
      .split('\n')
      .map((line) => line.trimEnd())
      .join('\n')
      .trim();
  const value = JSON.parse(settleText(JSON.stringify(JSON.parse(text))));
  return Array.isArray(value) ? value.slice(0, shownItems) : value;
}
