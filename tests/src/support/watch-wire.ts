// Watches every `fetch` of this process and collects each value that may be a secret.

export interface Secret {
  /** Name of the parameter, member, header or cookie */
  readonly name: string
  readonly value: string
}

export interface Wire {
  secrets(): readonly Secret[]
  stop(): void
}

/** Long and not just words: random values and tokens look like this. */
const OPAQUE = /^(?:urn:[\w:.-]+:)?(?=[\w.~-]*[A-Z\d])[\w.~-]{16,}$/
/** Names of values that look alike but are public. */
const OPEN = new Set([
  ...[
    'code_challenge',
    'jti',
    'kid',
    'sid',
    'sub',
    'x',
    'y',
    'n',
    'id',
    'client_id',
    'code_challenge_method',
  ],
  ...[
    'crosswalk_decision',
    'decision',
    'trace',
    'scope',
    'issuer',
    'time',
    'createdAt',
    'updatedAt',
    'grant_type',
  ],
])

export function watchWire(): Wire {
  const { fetch: own } = globalThis
  const seen = new Map<string, Secret>()

  function keep(name: string, value: string): void {
    const text = value.startsWith('urn:') ? (value.split(':').at(-1) ?? '') : value
    if (OPEN.has(name) || !OPAQUE.test(value)) return
    seen.set(`${name} ${text}`, { name, value: text })
  }

  function keepUrl(url: URL): void {
    for (const [name, value] of url.searchParams) keep(name, value)
    for (const segment of url.pathname.split('/')) if (/\d/.test(segment)) keep('path', segment)
  }

  function keepMembers(body: unknown): void {
    if (typeof body !== 'object' || body === null) return
    for (const [name, value] of Object.entries(body)) {
      if (typeof value === 'string') keep(name, value)
      else keepMembers(value)
    }
  }

  globalThis.fetch = async (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input)
    keepUrl(url)
    if (init?.body instanceof URLSearchParams)
      for (const [name, value] of init.body) {
        if (name === 'password') seen.set(name, { name, value })
        else keep(name, value)
      }
    const response = await own(input, init)
    for (const cookie of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? []
      keep(`cookie ${name}`, value)
    }
    const location = response.headers.get('location')
    if (location !== null) keepUrl(new URL(location, url))
    const text = await response.clone().text()
    for (const [input] of text.matchAll(/<input\b[^>]*type="hidden"[^>]*>/gi))
      keep(`form ${/name="([^"]*)"/.exec(input)?.[1] ?? ''}`, /value="([^"]*)"/.exec(input)?.[1] ?? '')
    if (response.headers.get('content-type')?.includes('json') === true && !url.pathname.includes('jwks'))
      keepMembers(JSON.parse(text))
    return response
  }

  return { secrets: () => [...seen.values()], stop: () => void (globalThis.fetch = own) }
}
