// Which hosts are this machine by their name alone, so that plain http to them is never on a network.
const LOOPBACK = /^(([a-z0-9-]+\.)*localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?$/i

/** @param authority - host of a URL, with its port if it has one */
export function isLoopbackAuthority(authority: string): boolean {
  return LOOPBACK.test(authority)
}
