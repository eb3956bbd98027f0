/** @returns whether an e-mail address is of one of these domains; letter case does not count, and a subdomain is another domain */
export function isOfDomain(address: string, domains: readonly string[]): boolean {
  const domain = address.slice(address.lastIndexOf('@') + 1).toLowerCase()
  return domains.some((one) => one.toLowerCase() === domain)
}
