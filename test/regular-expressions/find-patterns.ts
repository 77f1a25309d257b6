import { parseSync, Visitor } from 'oxc-parser';

export interface FoundPatterns {
  readonly patterns: readonly { readonly source: string; readonly flags: string }[];
  /** Uses of the constructor that no checker can read. */
  readonly unreadable: readonly string[];
}

/** Finds every regular expression in a TypeScript source, as a literal or through the constructor with plain texts. */
export function findPatterns(file: string, text: string): FoundPatterns {
  const patterns: { source: string; flags: string }[] = [];
  const unreadable: string[] = [];
  const { program, errors } = parseSync(file, text);
  if (errors.length > 0) throw new Error(`${file}: ${errors[0]?.message}`);
  const construct = ({ callee, arguments: given, start }: Construction) => {
    if (!text.slice(callee.start, callee.end).endsWith('RegExp')) return;
    const [source, flags] = given.map(({ type, value }) => (type === 'Literal' ? value : undefined));
    if (typeof source === 'string' && (given.length === 1 || typeof flags === 'string'))
      patterns.push({ source, flags: typeof flags === 'string' ? flags : '' });
    else unreadable.push(`${file}:${text.slice(0, start).split('\n').length}`);
  };
  new Visitor({
    Literal: (node) => {
      if ('regex' in node) patterns.push({ source: node.regex.pattern, flags: node.regex.flags });
    },
    NewExpression: (node) => construct(node as unknown as Construction),
    CallExpression: (node) => construct(node as unknown as Construction),
  }).visit(program);
  return { patterns, unreadable };
}

interface Construction {
  readonly callee: { readonly start: number; readonly end: number };
  readonly arguments: readonly { readonly type: string; readonly value?: unknown }[];
  readonly start: number;
}
