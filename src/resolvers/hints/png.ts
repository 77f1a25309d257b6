/** Size of an image in pixels. */
export interface ImageSize {
  readonly width: number;
  readonly height: number;
}

const SIGNATURE = Buffer.from('89504e470d0a1a0a', 'hex');
/** Signature, then the length, type, width and height of the header chunk. */
const HEADER_BYTES = 24;

/** Size of a PNG in base64, read from its header; undefined when it is none. The image itself is not decoded. */
export function readPngSize(base64: string): ImageSize | undefined {
  // Line breaks are usual in base64, so a few characters more than the header takes.
  const bytes = Buffer.from(base64.slice(0, 64), 'base64');
  if (bytes.length < HEADER_BYTES || !bytes.subarray(0, 8).equals(SIGNATURE)) return undefined;
  if (bytes.toString('latin1', 12, 16) !== 'IHDR') return undefined;
  return { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) };
}
