/** @returns host and port for a URL, with IPv6 addresses in brackets (RFC 3986 section 3.2.2) */
export function joinHostPort({ host, port }: { readonly host: string; readonly port: number }): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`
}
