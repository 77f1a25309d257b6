import type { Env } from './env.ts';
import type { Secrets } from './files/secret-file.ts';
import { isLoopback } from './network/loopback.ts';

/** The rules across variables: each yields the mistakes it finds, with the name of the variable to change. */
type Rule = (env: Env, given: ReadonlySet<string>, secrets: Secrets) => Iterable<string>;

/**
 * Returns every mistake that only several variables together can have. `given` names the variables that are set, also
 * those that have a mistake of their own and are therefore missing in `env`.
 */
export const findConflicts: (...args: Parameters<Rule>) => string[] = (env, given, secrets) =>
  rules.flatMap((rule) => [...rule(env, given, secrets)]);

function* listenerRules(env: Env): Generator<string> {
  if (env.PORT === env.ADMIN_PORT && env.PORT !== 0) yield 'ADMIN_PORT: must differ from PORT';
  if (env.GRAPHIQL === 'on' && env.NODE_ENV === 'production')
    yield 'GRAPHIQL: must not be on with NODE_ENV=production';
}

function* authRules(env: Env, given: ReadonlySet<string>): Generator<string> {
  const methods: readonly string[] = env.AUTH ?? ['none'];
  const isOpen = methods.includes('none');
  if (!given.has('AUTH') && given.has('MANAGEMENT_API_URL')) {
    const none =
      env.NODE_ENV === 'production' || given.has('TENANTS_FILE') ? '' : ', or none with a loopback HOST';
    yield `AUTH: must be set with MANAGEMENT_API_URL: api-key, jwt or vipps-keys${none}`;
    return;
  }
  if (isOpen && methods.length > 1) yield 'AUTH: none must not be combined with other methods';
  if (isOpen && !isLoopback(env.HOST))
    yield 'HOST: must be a loopback address such as 127.0.0.1 with AUTH=none, which admits every request';
  if (isOpen && given.has('AUTH') && env.NODE_ENV === 'production')
    yield 'AUTH: must not be none with NODE_ENV=production';
  if (isOpen && given.has('TENANTS_FILE'))
    yield 'AUTH: must not be none with TENANTS_FILE: a request would not belong to any tenant';
  if (methods.includes('api-key') && !given.has('TENANTS_FILE'))
    yield 'TENANTS_FILE: must be set with AUTH=api-key: it holds the hashes of the keys';
  for (const name of ['JWT_JWKS_URL', 'JWT_ISSUER', 'JWT_AUDIENCE'])
    if (methods.includes('jwt') && !given.has(name)) yield `${name}: must be set with AUTH=jwt`;
}

function* trustedDocumentRules(_env: Env, given: ReadonlySet<string>): Generator<string> {
  if (given.has('TRUSTED_DOCUMENTS') && !given.has('TRUSTED_DOCUMENTS_FILE'))
    yield 'TRUSTED_DOCUMENTS_FILE: must be set with TRUSTED_DOCUMENTS: it holds the documents';
}

function* subgraphRules(env: Env, given: ReadonlySet<string>): Generator<string> {
  const isGiven = given.has('SUBGRAPH_SECRET') || given.has('SUBGRAPH_SECRET_FILE');
  if (isGiven && env.SUBGRAPH !== 'on')
    yield 'SUBGRAPH: must be on with SUBGRAPH_SECRET, which routers send to /subgraph';
}

function* webhookRules(env: Env, given: ReadonlySet<string>): Generator<string> {
  if (!given.has('WEBHOOKS_FILE')) return;
  if (given.has('TENANTS_FILE'))
    yield 'WEBHOOKS_FILE: must not be set with TENANTS_FILE: it holds the webhooks of each tenant';
  if (env.DIRECTORY === 'off')
    yield 'DIRECTORY: must not be off with WEBHOOKS_FILE: the directory finds the changes';
}

function* upstreamRules(env: Env, given: ReadonlySet<string>, secrets: Secrets): Generator<string> {
  const keys = [...given].filter((name) => /^VIPPS_(CLIENT|SUBSCRIPTION)/.test(name));
  if (!given.has('MANAGEMENT_API_URL')) {
    if (env.NODE_ENV === 'production')
      yield 'MANAGEMENT_API_URL: must be set with NODE_ENV=production, which does not run the sandbox';
    const unused = given.has('TENANTS_FILE') ? [...keys, 'TENANTS_FILE'] : keys;
    if (unused.length > 0)
      yield `MANAGEMENT_API_URL: must be set with ${unused.join(', ')}; without it the gateway runs on the sandbox, which has its own keys`;
  } else if (given.has('TENANTS_FILE')) {
    if (keys.length > 0) yield `TENANTS_FILE: must not be set with ${keys.join(', ')}: it holds all keys`;
  } else if (keys.length > 0 || !env.AUTH?.every((method) => method === 'vipps-keys'))
    yield* keyRules(env, given, secrets);
}

function* merchantSerialNumberRules(env: Env, given: ReadonlySet<string>): Generator<string> {
  const isNeeded = env.VIPPS_MERCHANT_SERIAL_NUMBER_USE === 'always';
  if (isNeeded && !given.has('VIPPS_MERCHANT_SERIAL_NUMBER') && !given.has('TENANTS_FILE'))
    yield 'VIPPS_MERCHANT_SERIAL_NUMBER: must be set with VIPPS_MERCHANT_SERIAL_NUMBER_USE=always';
}

/** The keys of the single tenant. None are needed when every caller sends its own. */
function* keyRules(env: Env, given: ReadonlySet<string>, secrets: Secrets): Generator<string> {
  const isSecretGiven = (name: string) => given.has(name) || given.has(`${name}_FILE`);
  const missing = (name: string) =>
    `${name}: must be set with MANAGEMENT_API_URL, unless TENANTS_FILE is set`;
  if (!given.has('VIPPS_CLIENT_ID')) yield missing('VIPPS_CLIENT_ID');
  if (!isSecretGiven('VIPPS_CLIENT_SECRET')) yield missing('VIPPS_CLIENT_SECRET');
  if (env.VIPPS_TOKEN_FLOW === 'accesstoken') {
    if (!isSecretGiven('VIPPS_SUBSCRIPTION_KEY')) yield missing('VIPPS_SUBSCRIPTION_KEY');
  } else if (secrets.subscriptionKey || secrets.subscriptionKeySecondary)
    yield 'VIPPS_SUBSCRIPTION_KEY: must not be set with VIPPS_TOKEN_FLOW=miami, whose calls carry no subscription key';
}

const rules: readonly Rule[] = [
  listenerRules,
  authRules,
  trustedDocumentRules,
  webhookRules,
  subgraphRules,
  upstreamRules,
  merchantSerialNumberRules,
];
