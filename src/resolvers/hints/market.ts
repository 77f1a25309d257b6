/** Returns the country in a scheme such as `business:NO:ORG`. */
export function marketOf(scheme: string): string | undefined {
  return /^business:(NO|DK|FI):/.exec(scheme)?.[1];
}
