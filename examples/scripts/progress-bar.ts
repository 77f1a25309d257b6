const WIDTH = 30;
const ERASE_LINE = '\r\u001b[K';

interface Output {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

/** Draws on a terminal, and nothing elsewhere, so that logs stay readable. */
export function progressBar(output: Output, unit: string) {
  const draw = (text: string) => output.isTTY && output.write(text);
  return {
    show(done: number, total: number) {
      const filled = total > 0 ? Math.min(WIDTH, Math.round((WIDTH * done) / total)) : WIDTH;
      draw(`${ERASE_LINE}[${'#'.repeat(filled)}${'-'.repeat(WIDTH - filled)}] ${done} of ${total} ${unit}`);
    },
    /** Makes room for other lines. */
    clear: () => draw(ERASE_LINE),
  };
}
