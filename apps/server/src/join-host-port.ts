/** @returns both as a URL has them: an address of IPv6 in brackets (RFC 3986 section 3.2.2) */
export function joinHostPort({ host, port }: { readonly host: string; readonly port: number }): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`
}
