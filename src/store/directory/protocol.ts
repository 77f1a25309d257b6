import type { ChangePlace } from '../../directory/changes/change.ts';
import type { DirectoryIndex } from '../../directory/directory-index.ts';

export interface OpenRequest {
  /** Path of the file, or `:memory:`. */
  readonly path: string;
  readonly maxAgeMs: number;
  readonly changesKeepMs: number;
  readonly gapMs: number;
  readonly confirmMs: number;
}

type Method = Exclude<keyof DirectoryIndex, 'close'>;

/** A request to the thread of the directories. `file` names the directory. */
export type ToWorker = { readonly id: number; readonly file: string } & (
  | { readonly method: 'open'; readonly request: OpenRequest }
  | { readonly method: 'close' }
  | { readonly method: Method; readonly args: string }
);

/** A reply, or word of a damaged file or of changes. */
export type FromWorker =
  | { readonly id: number; readonly result: string }
  | { readonly id: number; readonly error: string }
  /** The oldest place from which changes can be read. */
  | { readonly id: number; readonly expired: ChangePlace }
  | { readonly file: string; readonly damage: string }
  | { readonly file: string; readonly changes: string };
