import { globSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';

// Prints how the source is divided: files per folder, the longest files, import cycles (type imports included), and
// imports between rooms that the table below does not allow. Exits with 1 on a cycle or on a forbidden import.

// `config` names what it configures: credentials, identifiers, the sandbox's policies and kinds of changes.
const vocabulary = [
  'src/upstream/models',
  'src/upstream/keys',
  'src/sandbox/policy',
  'src/directory/changes/change.ts',
];
const ground = ['src/config', 'src/store', 'src/telemetry'];

/** What each room may import besides itself. A file belongs to the longest name that its path begins with. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  'src/main.ts': ['src/cli', 'src/server', 'src/sandbox', ...ground],
  'src/cli': [
    'src/server',
    'src/workers',
    'src/schema',
    'src/directory',
    'src/upstream',
    'src/sandbox',
    ...ground,
  ],
  'src/workers': ['src/server', 'src/directory', 'src/upstream', ...ground],
  'src/server': [
    'src/execution',
    'src/operation',
    'src/schema',
    'src/resolvers',
    'src/notifications',
    'src/directory',
    'src/upstream',
    ...ground,
  ],
  'src/notifications': ['src/resolvers', 'src/directory', ...ground],
  'src/execution': ['src/operation', 'src/resolvers'],
  'src/operation': ['src/schema', 'src/resolvers', 'src/upstream/models'],
  'src/schema': ['src/resolvers', 'src/directory', 'src/upstream/models', 'src/config/scopes.ts'],
  'src/resolvers': ['src/directory', 'src/upstream'],
  'src/directory': ['src/upstream'],
  'src/upstream': ['src/upstream', 'src/config', 'src/telemetry'],
  'src/upstream/models': [],
  'src/upstream/keys': ['src/upstream', 'src/telemetry'],
  'src/store': ['src/directory', 'src/upstream', 'src/config', 'src/telemetry'],
  'src/telemetry': ['src/upstream/models'],
  'src/config': [...vocabulary, 'src/telemetry'],
  'src/sandbox': [],
  // The types of its configuration. The linter refuses the rest of src.
  graphiql: ['src/server'],
  attack: ['src', 'test'],
  bench: ['src', 'test'],
  scripts: ['src', 'graphiql'],
  test: ['src', 'graphiql', 'attack', 'bench', 'scripts'],
};

const root = fileURLToPath(new URL('..', import.meta.url));
const LONGEST_SHOWN = 10;
const SPECIFIER =
  /^(?:import|export|\} from)\b[^'"\n]*['"](\.[^'"]+\.tsx?)['"]|\bimport\(\s*['"](\.[^'"]+\.ts)['"]/gm;

const isInside = (path: string, folder: string) => path === folder || path.startsWith(`${folder}/`);
const longest = (names: readonly string[]) => names.toSorted((a, b) => b.length - a.length)[0];
const roomOf = (path: string) => longest(Object.keys(allowed).filter((room) => isInside(path, room)));

const files = new Map(
  globSync('{src,graphiql,attack,bench,scripts,test}/**/*.{ts,tsx}', { cwd: root })
    .sort()
    .map((path) => [path, readFileSync(join(root, path), 'utf8')]),
);
const imports = new Map(
  [...files].map(([path, text]) => [
    path,
    [...text.matchAll(SPECIFIER)]
      .map(([, whole, part]) => normalize(join(dirname(path), whole ?? part ?? '')))
      .filter((target) => files.has(target)),
  ]),
);

function countPerFolder(): string[] {
  const counts = Map.groupBy(
    [...files.keys()].filter((path) => path.startsWith('src/')),
    dirname,
  );
  return [...counts].map(([folder, paths]) => `${String(paths.length).padStart(4)}  ${folder}`);
}

function findLongest(): string[] {
  const lengths = [...files].map(([path, text]) => ({ path, lines: text.split('\n').length - 1 }));
  return lengths
    .filter(({ path }) => path.startsWith('src/'))
    .sort((a, b) => b.lines - a.lines)
    .slice(0, LONGEST_SHOWN)
    .map(({ path, lines }) => `${String(lines).padStart(4)}  ${path}`);
}

/** One line for each cycle that a depth-first walk meets. */
function findCycles(): string[] {
  const cycles: string[] = [];
  const done = new Set<string>();
  const walk = (path: string, trail: readonly string[]) => {
    const at = trail.indexOf(path);
    if (at >= 0) cycles.push([...trail.slice(at), path].join(' → '));
    if (at >= 0 || done.has(path)) return;
    for (const target of imports.get(path) ?? []) walk(target, [...trail, path]);
    done.add(path);
  };
  for (const path of files.keys()) walk(path, []);
  return cycles;
}

function findForbidden(): string[] {
  return [...imports].flatMap(([path, targets]) => {
    const room = roomOf(path);
    if (room === undefined) return [`${path} belongs to no room`];
    const others = targets.filter((target) => roomOf(target) !== room);
    return others
      .filter((target) => !(allowed[room] ?? []).some((folder) => isInside(target, folder)))
      .map((target) => `${path} must not import ${target}: ${room} imports ${describe(room)}`);
  });
}

const describe = (room: string) => allowed[room]?.join(', ') || 'no other room';

const cycles = findCycles();
const forbidden = findForbidden();
for (const [title, lines] of [
  ['Files per folder', countPerFolder()],
  ['Longest files (lines)', findLongest()],
  [`Import cycles: ${cycles.length}`, cycles],
  [`Forbidden imports between rooms: ${forbidden.length}`, forbidden],
] as const)
  process.stdout.write(`${title}\n${lines.map((line) => `  ${line}\n`).join('')}\n`);
process.exitCode = cycles.length + forbidden.length > 0 ? 1 : 0;
