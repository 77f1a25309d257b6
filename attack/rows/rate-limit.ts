import { FRUGAL_POINTS } from '../keys.ts';
import { graphqlRequest, type Row, type TestContext } from '../test-context.ts';

export const rateLimitRows: readonly Row[] = [
  { id: 'A57', what: 'ten times the rate limit of a tenant', run: rateLimit },
];

async function rateLimit({ target, send, check }: TestContext): Promise<void> {
  const [msn = ''] = target.fixture.sandbox.data.msns;
  const ask = (index: number) => {
    const request = graphqlRequest(target, `{ salesUnit(msn: "${msn}") { name } }`, undefined, 'frugal');
    return send({ ...request, headers: { ...request.headers, 'x-forwarded-for': `10.0.0.${index % 250}` } });
  };
  const replies = [];
  for (let index = 0; index < 10 * FRUGAL_POINTS; index++) replies.push(await ask(index));
  const limited = replies.filter(({ status }) => status === 429);
  // A minute may end while it goes on.
  check('most are refused', limited.length >= 7 * FRUGAL_POINTS, limited.length);
  check('the first is not', replies[0]?.status === 200, replies[0]?.text);
  check(
    'as RATE_LIMITED',
    limited.length > 0 && limited.every(({ text }) => text.includes('"RATE_LIMITED"')),
    limited[0]?.text,
  );
  check(
    'with Retry-After',
    limited.length > 0 && limited.every(({ headers }) => /^\d+$/.test(String(headers['retry-after']))),
    limited[0]?.headers['retry-after'],
  );
  const other = await send(
    graphqlRequest(target, '{ salesUnits(first: 1) { totalCount } }', undefined, 'partner'),
  );
  check('another tenant is served', other.status === 200 && !other.text.includes('errors'), other.text);
}
