import { type Hint, type HintInput, hint } from './hint.ts';
import { readPngSize } from './png.ts';

const MIN_LOGO_PIXELS = 100;
const MAX_LOGO_PIXELS = 1_000;

export function* logoHints({ salesUnitLogo }: HintInput): Generator<Hint> {
  if (!salesUnitLogo) return;
  const size = readPngSize(salesUnitLogo);
  if (!size) {
    yield hint(
      'LOGO_NOT_PNG',
      'salesUnitLogo',
      'The logo is not a Base64-encoded PNG without a `data:` prefix, so it will not be shown.',
    );
    return;
  }
  const { width, height } = size;
  if (Math.min(width, height) < MIN_LOGO_PIXELS || Math.max(width, height) > MAX_LOGO_PIXELS)
    yield hint(
      'LOGO_SIZE',
      'salesUnitLogo',
      `The logo is ${width} × ${height} pixels, so it will not be shown. Each side must be ${MIN_LOGO_PIXELS} to ${MAX_LOGO_PIXELS} pixels.`,
    );
  else if (width !== height)
    yield hint('LOGO_NOT_SQUARE', 'salesUnitLogo', 'The logo is not square. A square logo is preferred.');
}
