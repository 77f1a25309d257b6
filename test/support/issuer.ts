import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  exportJWK,
  exportSPKI,
  generateKeyPair,
  type JWTHeaderParameters,
  type JWTPayload,
  SignJWT,
} from 'jose';

/** How the issuer answers when its keys are asked for. */
type IssuerMode = 'well' | 'down' | 'huge' | 'odd';

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
  sign(claims?: object, header?: Partial<JWTHeaderParameters>): Promise<string>;
  /** Signs with a new key from now on. `publish` adds it to the keys that are read. */
  rotate(kid: string): Promise<{ publish(): void }>;
}

const KEY_ID = 'first';
const HUGE_BYTES = 10 * 1024 * 1024;
const ISSUER = 'https://issuer.example';
const AUDIENCE = 'https://gateway.example';

export async function startIssuer(): Promise<Issuer> {
  const { publicKey, privateKey } = await generateKeyPair('RS256', { extractable: true });
  const jwkOf = async (key: CryptoKey, kid: string) => ({
    ...(await exportJWK(key)),
    kid,
    alg: 'RS256',
    use: 'sig',
  });
  const published = [await jwkOf(publicKey, KEY_ID)];
  let signing = { key: privateKey, kid: KEY_ID };
  let fetches = 0;
  const server = createServer((_request, response) => {
    fetches++;
    if (self.mode === 'down') response.writeHead(503).end('down');
    else if (self.mode === 'odd') response.end('{"keys":7}');
    else if (self.mode === 'huge')
      response.end(JSON.stringify({ keys: published, padding: 'x'.repeat(HUGE_BYTES) }));
    else response.end(JSON.stringify({ keys: published }));
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
      return new SignJWT(payload as JWTPayload)
        .setProtectedHeader({ alg: 'RS256', kid: signing.kid, ...header })
        .sign(signing.key, { crit: { 'https://issuer.example/odd': true } });
    },
    rotate: async (kid) => {
      const next = await generateKeyPair('RS256', { extractable: true });
      signing = { key: next.privateKey, kid };
      const jwk = await jwkOf(next.publicKey, kid);
      return { publish: () => void published.push(jwk) };
    },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return self;
}
