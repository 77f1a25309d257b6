/** Variables that run code in the gateway before its own. `SIGUSR2` causes what the code is for. */
type Preload = Readonly<Record<'NODE_OPTIONS', string>>;

const preload = (source: string): Preload => ({
  NODE_OPTIONS: `--import data:text/javascript,${encodeURIComponent(source)}`,
});

/** A clock that is `by` milliseconds ahead. */
const CLOCK = `
const Real = Date;
let by = 0;
globalThis.Date = class extends Real {
  constructor(...given) {
    if (given.length > 0) super(...given);
    else super(Real.now() + by);
  }
  static now() {
    return Real.now() + by;
  }
};
`;

/** An hour ahead at the first signal, an hour behind at the next. */
export const jumpingClock = preload(`${CLOCK}
process.on('SIGUSR2', () => {
  by = by > 0 ? -3600000 : 3600000;
});`);

/** No name is found from the first signal to the next. */
export const failingNames = preload(`
import dns from 'node:dns';
const { lookup } = dns;
let fails = false;
dns.lookup = (host, options, done) => {
  if (!fails) return lookup(host, options, done);
  process.nextTick(done, Object.assign(new Error('getaddrinfo ENOTFOUND'), { code: 'ENOTFOUND' }));
};
process.on('SIGUSR2', () => {
  fails = !fails;
});`);

/** A day passes at the signal, on every clock but that of timers. */
export const dayLater = preload(`${CLOCK}
const monotonic = performance.now.bind(performance);
performance.now = () => monotonic() + by;
process.on('SIGUSR2', () => {
  by += 86400000;
});`);
