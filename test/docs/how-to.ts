import { existsSync, readdirSync, readFileSync } from 'node:fs';

const folder = new URL('../../examples/queries/', import.meta.url);
const readIn = (name: string) => readFileSync(new URL(name, folder), 'utf8');

/** A query of examples/queries, and the calls that its comment claims. */
export interface TaskQuery {
  readonly name: string;
  readonly text: string;
  /** The text of the file with the variables; undefined if there is none. */
  readonly variablesText: string | undefined;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly claim: CallClaim;
}

export interface CallClaim {
  /** Undefined if only the directory can answer. */
  readonly cold: number | undefined;
  readonly withDirectory: number;
  /** The numbers in brackets, which explain `cold`. */
  readonly parts: readonly number[];
}

// «# Upstream calls: 8 (1 for this, 7 for that); 2 with a complete directory.»
const CLAIM =
  /^# Upstream calls: (\d+)(?: \(([^)]+)\))?(?:; (\d+) with a complete directory)?\.(?:( Needs a directory\.)|(?: .*\.)?)$/m;

function readClaim(name: string, text: string): CallClaim {
  const [line, calls, brackets = '', withDirectory = calls, needsDirectory] = CLAIM.exec(text) ?? [];
  if (!line) throw new Error(`${name} says nothing about its upstream calls`);
  return {
    cold: needsDirectory ? undefined : Number(calls),
    withDirectory: Number(withDirectory),
    parts: [...brackets.matchAll(/\d+/g)].map(Number),
  };
}

export const taskQueries: readonly TaskQuery[] = readdirSync(folder)
  .filter((file) => file.endsWith('.graphql'))
  .sort()
  .map((file) => {
    const name = file.replace(/\.graphql$/, '');
    const text = readIn(file);
    const variablesText = existsSync(new URL(`${name}.json`, folder)) ? readIn(`${name}.json`) : undefined;
    return {
      name,
      text,
      variablesText,
      variables: JSON.parse(variablesText ?? '{}'),
      claim: readClaim(file, text),
    };
  });

/** Returns the query of examples/queries with this name. */
export function taskQuery(name: string): TaskQuery {
  const found = taskQueries.find((query) => query.name === name);
  if (!found) throw new Error(`examples/queries has no ${name}.graphql`);
  return found;
}

/** A section of docs/how-to.md. */
export interface TaskSection {
  readonly title: string;
  readonly text: string;
}

const [intro = '', ...rest] = readFileSync(new URL('../../docs/how-to.md', import.meta.url), 'utf8').split(
  /^## /m,
);

export const howTo = {
  /** What comes before the first section. */
  intro,
  sections: rest.map((text): TaskSection => ({ title: text.split('\n')[0] ?? '', text })),
};

/** Returns the section that shows this query. */
export function sectionOf({ text }: TaskQuery): TaskSection | undefined {
  return howTo.sections.find((section) => section.text.includes(`\`\`\`graphql\n${text}\`\`\``));
}

/** Returns the text of the blocks in a language, such as `js`. */
export function blocksIn(section: TaskSection | undefined, language: string): string[] {
  const fence = new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, 'gm');
  return [...(section?.text ?? '').matchAll(fence)].map(([, block = '']) => block);
}
