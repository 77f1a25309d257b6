/** What the command line says of `changes`. */
export interface ChangesFlags {
  readonly url?: string;
  readonly after?: string;
  readonly 'cursor-file'?: string;
  readonly follow?: true;
}

export interface ChangesOptions {
  readonly url: string;
  /** Undefined begins with the oldest change. */
  readonly after: string | undefined;
  /** Where the cursor is kept from one run to the next. */
  readonly cursorFile: string | undefined;
  readonly follow: boolean;
}

/** Returns the options, or every mistake. */
export function readChangesFlags(flags: ChangesFlags): ChangesOptions | string[] {
  const { url = 'http://127.0.0.1:4000/graphql', after, 'cursor-file': cursorFile, follow = false } = flags;
  const mistakes: string[] = [];
  if (!/^https?:$/.test(URL.parse(url)?.protocol ?? '')) mistakes.push('--url: must be an http or https URL');
  if (after !== undefined && cursorFile !== undefined)
    mistakes.push('--after: cannot be combined with --cursor-file, which says where to go on');
  return mistakes.length > 0 ? mistakes : { url, after, cursorFile, follow };
}
