import type { Plugin } from 'vite';

/**
 * Escapes what is not ASCII. One character beyond Latin-1 makes V8 keep two bytes for each character of the file, and it
 * keeps the text for as long as the process runs.
 */
export function asciiText(): Plugin {
  return {
    name: 'ascii-text',
    // After the code was printed for the last time, which undoes escapes.
    generateBundle: {
      order: 'post',
      handler(_options, bundle) {
        for (const output of Object.values(bundle))
          if (output.type === 'chunk') output.code = output.code.replace(/[^\0-\x7f]/g, escaped);
      },
    },
  };
}

const escaped = (unit: string) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
