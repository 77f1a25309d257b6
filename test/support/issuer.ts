import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, exportSPKI, generateKeyPair, type JWTPayload, SignJWT } from 'jose';

/** How the issuer answers when its keys are asked for. */
type IssuerMode = 'well' | 'down' | 'huge';

/** An issuer of tokens with its keys on a port of its own. */
export interface Issuer extends AsyncDisposable {
  readonly jwksUrl: string;
  readonly issuer: string;
  readonly audience: string;
  mode: IssuerMode;
  /** How often its keys were asked for. */
  readonly fetches: number;
  /** Its public key as text, which some libraries can be talked into taking for a shared secret. */
  readonly publicKey: string;
  /** A token that is right but for what is given. */
  sign(claims?: JWTPayload, header?: { readonly kid?: string }): Promise<string>;
}

const KEY_ID = 'first';
const HUGE_BYTES = 10 * 1024 * 1024;
const ISSUER = 'https://issuer.example';
const AUDIENCE = 'https://gateway.example';

export async function startIssuer(): Promise<Issuer> {
  const { publicKey, privateKey } = await generateKeyPair('RS256', { extractable: true });
  const key = { ...(await exportJWK(publicKey)), kid: KEY_ID, alg: 'RS256', use: 'sig' };
  let fetches = 0;
  const server = createServer((_request, response) => {
    fetches++;
    if (self.mode === 'down') response.writeHead(503).end('down');
    else if (self.mode === 'huge')
      response.end(JSON.stringify({ keys: [key], padding: 'x'.repeat(HUGE_BYTES) }));
    else response.end(JSON.stringify({ keys: [key] }));
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const self: Issuer = {
    jwksUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/keys`,
    issuer: ISSUER,
    audience: AUDIENCE,
    mode: 'well',
    get fetches() {
      return fetches;
    },
    publicKey: await exportSPKI(publicKey),
    sign: (claims = {}, header = {}) => {
      const now = Math.floor(Date.now() / 1000);
      const payload = { iss: ISSUER, aud: AUDIENCE, sub: 'somebody', iat: now, exp: now + 600, ...claims };
      return new SignJWT(payload)
        .setProtectedHeader({ alg: 'RS256', kid: KEY_ID, ...header })
        .sign(privateKey);
    },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return self;
}
