// The proxy that other programs on this machine would use for a URL. Ours never do: a proxy would resolve the name, so
// that private addresses could not be refused.

export type Environment = Readonly<Record<string, string | undefined>>

/** @returns the variable that names a proxy for this URL */
export function findProxyVariable(url: string, env: Environment): string | undefined {
  if (!URL.canParse(url)) return undefined
  const { protocol, hostname } = new URL(url)
  const exempt = (env['NO_PROXY'] ?? env['no_proxy'] ?? '').split(',').map((one) => one.trim())
  if (exempt.some((one) => isExempt(hostname, one))) return undefined
  const name = protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY'
  return [name, name.toLowerCase(), 'ALL_PROXY', 'all_proxy'].find((one) => (env[one] ?? '') !== '')
}

function isExempt(hostname: string, entry: string): boolean {
  const domain = entry.replace(/^\*?\./, '')
  return domain === '*' || (domain !== '' && (hostname === domain || hostname.endsWith(`.${domain}`)))
}
