/** Returns client id and secret of a Basic Authorization header; empty for any other header. */
export function readBasic(authorization = ''): string[] {
  if (!/^basic /i.test(authorization)) return [];
  const credentials = Buffer.from(authorization.slice('Basic '.length), 'base64').toString();
  const colon = credentials.indexOf(':');
  return colon < 0 ? [] : [credentials.slice(0, colon), credentials.slice(colon + 1)];
}
