import type { DirectoryIndex } from '../../directory/directory-index.ts';

export interface OpenRequest {
  /** Path of the file, or `:memory:`. */
  readonly path: string;
  readonly maxAgeMs: number;
}

type Method = Exclude<keyof DirectoryIndex, 'close'>;

/** A request to the thread of the directories. `file` names the directory. */
export type ToWorker = { readonly id: number; readonly file: string } & (
  | { readonly method: 'open'; readonly request: OpenRequest }
  | { readonly method: 'close' }
  | { readonly method: Method; readonly args: string }
);

/** A reply, or word of a damaged file. */
export type FromWorker =
  | { readonly id: number; readonly result: string }
  | { readonly id: number; readonly error: string }
  | { readonly file: string; readonly damage: string };
