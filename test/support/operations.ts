/** How many operations a comparison generates. OPERATIONS=5000 npx vitest run test/execution test/server/hot-path */
// biome-ignore lint/style/noProcessEnv: a longer run is asked for by hand.
export const OPERATIONS = Number(process.env['OPERATIONS'] ?? 600);
export const OPERATIONS_TIMEOUT_MS = 200 * OPERATIONS;
