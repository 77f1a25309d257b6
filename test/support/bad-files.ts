import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  lchownSync,
  mkdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';

/** Any user but root and the one of this process. */
const STRANGER = 54_321;
export const isRoot = process.geteuid?.() === 0;

interface BadFile {
  /** Puts it where `path` was; `text` is what a good file would hold. */
  readonly make: (path: string, text: string) => void;
  /** Whether a gateway may refuse it only because it decides who may do what. */
  readonly onlyForAuthority?: true;
}

/** What a path can lead to that is no file to read. Those that need root to make are left out for others. */
export const badFiles: Readonly<Record<string, BadFile>> = {
  'no file': { make: () => {} },
  'a folder': { make: (path) => mkdirSync(path) },
  'a pipe': { make: (path) => execFileSync('mkfifo', [path]) },
  'a link to itself': { make: (path) => symlinkSync(path, path) },
  'a link to nothing': { make: (path) => symlinkSync(`${path}.nothing`, path) },
  'a link to a device': { make: (path) => symlinkSync('/dev/zero', path) },
  'a link to a terminal': { make: (path) => symlinkSync('/dev/tty', path) },
  'a link into /proc': { make: (path) => symlinkSync('/proc/self/environ', path) },
  'a link into /sys': { make: (path) => symlinkSync('/sys/kernel/uevent_seqnum', path) },
  'a huge file': {
    make: (path) => {
      writeFileSync(path, '');
      truncateSync(path, 10 * 2 ** 30);
    },
  },
  'a file that its group can write': {
    onlyForAuthority: true,
    make: (path, text) => {
      writeFileSync(path, text);
      chmodSync(path, 0o660);
    },
  },
  'a file that others can write': {
    onlyForAuthority: true,
    make: (path, text) => {
      writeFileSync(path, text);
      chmodSync(path, 0o646);
    },
  },
  ...(isRoot && {
    'a file of another user': {
      onlyForAuthority: true,
      make: (path: string, text: string) => {
        writeFileSync(path, text);
        chownSync(path, STRANGER, STRANGER);
      },
    },
    'a link to a file of another user': {
      onlyForAuthority: true,
      make: (path: string, text: string) => {
        writeFileSync(`${path}.target`, text);
        chownSync(`${path}.target`, STRANGER, STRANGER);
        symlinkSync(`${path}.target`, path);
      },
    },
    'a link of another user': {
      onlyForAuthority: true,
      make: (path: string, text: string) => {
        writeFileSync(`${path}.target`, text);
        symlinkSync(`${path}.target`, path);
        lchownSync(path, STRANGER, STRANGER);
      },
    },
  }),
};

/** Removes what {@link badFiles} made. */
export function clear(path: string): void {
  rmSync(path, { recursive: true, force: true });
  rmSync(`${path}.target`, { force: true });
}

/** As an orchestrator mounts a secret: a link into a folder of this moment, which is itself a link. */
export function mountAsKubernetes(folder: string, name: string, text: string, moment = 'first'): string {
  mkdirSync(`${folder}/..${moment}`);
  writeFileSync(`${folder}/..${moment}/${name}`, text);
  symlinkSync(`..${moment}`, `${folder}/..data.new`);
  renameSync(`${folder}/..data.new`, `${folder}/..data`);
  if (moment === 'first') symlinkSync(`..data/${name}`, `${folder}/${name}`);
  return `${folder}/${name}`;
}
