export const percent = (share: number) => `${(100 * share).toFixed(2)} %`;
export const ms = (time: number) => `${Math.round(time)} ms`;
