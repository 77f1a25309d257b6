import type { DataNotice } from './page-config.ts';

const PRODUCTION_HOST = 'api.vipps.no';

/** Returns what to tell people about the data behind a gateway: made up, real, or that of another host. */
export function dataNotice({
  url,
  isSandbox = false,
}: {
  readonly url: string;
  readonly isSandbox?: boolean | undefined;
}): DataNotice {
  if (isSandbox)
    return {
      kind: 'sandbox',
      label: 'Sandbox',
      text: 'All data is made up. Mutations change nothing outside this process.',
    };
  const { hostname, host } = new URL(url);
  if (hostname === PRODUCTION_HOST)
    return {
      kind: 'real',
      label: 'Real data',
      text: 'Mutations here create and delete real orders.',
    };
  return {
    kind: 'other',
    label: `Data of ${host}`,
    text: 'Not the embedded sandbox: mutations here create and delete orders on that server.',
  };
}
