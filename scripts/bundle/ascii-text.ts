import type { Plugin } from 'vite';

/**
 * Escapes what is not ASCII. One character beyond Latin-1 makes V8 keep two bytes for each character of the file, and it
 * keeps the text for as long as the process runs.
 */
export function asciiText(): Plugin {
  return {
    name: 'ascii-text',
    renderChunk: {
      order: 'post',
      handler: (code) => ({
        code: code.replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`),
        map: null,
      }),
    },
  };
}
