// A minimal browser for sign-in tests: cookies by path, redirects within the IdP, forms. No scripts.

export interface Browser {
  /** Opens `url` and follows redirects within the IdP. */
  open(url: string): Promise<Visited>
  /** Fills in the first form of a page by input type and submits it. */
  submit(page: Visited, fields: Readonly<Record<string, string>>): Promise<Visited>
  readonly cookies: ReadonlyMap<string, { readonly value: string; readonly path: string }>
}

export interface Visited {
  readonly url: string
  readonly status: number
  readonly headers: Headers
  readonly text: string
  /** Where the IdP redirected the browser to. */
  readonly left?: URL
}

const MAX_REDIRECTS = 10

export function createBrowser(origin: string, send: (request: Request) => Promise<Response>): Browser {
  const cookies = new Map<string, { value: string; path: string }>()

  async function go(url: string, init: RequestInit = {}, redirects = 0): Promise<Visited> {
    if (redirects > MAX_REDIRECTS) throw new Error(`redirected in circles at ${url}`)
    const response = await send(new Request(url, { ...init, headers: buildHeaders(url, init) }))
    keepCookies(response)
    const location = response.headers.get('location')
    const visited = { url, status: response.status, headers: response.headers, text: await response.text() }
    if (location === null) return visited
    const target = new URL(location, url)
    return target.origin === origin ? go(target.href, {}, redirects + 1) : { ...visited, left: target }
  }

  function buildHeaders(url: string, init: RequestInit): Headers {
    const headers = new Headers(init.headers)
    headers.set('accept', 'text/html,*/*;q=0.8')
    const { pathname } = new URL(url)
    const sent = [...cookies].filter(([, { path }]) => pathname.startsWith(path))
    if (sent.length > 0) headers.set('cookie', sent.map(([name, { value }]) => `${name}=${value}`).join('; '))
    return headers
  }

  function keepCookies(response: Response): void {
    for (const line of response.headers.getSetCookie()) {
      const [pair = '', ...attributes] = line.split('; ')
      const name = pair.slice(0, pair.indexOf('='))
      const path = attributes.find((attribute) => attribute.startsWith('path='))?.slice(5) ?? '/'
      if (line.includes('expires=Thu, 01 Jan 1970')) cookies.delete(name)
      else cookies.set(name, { value: pair.slice(name.length + 1), path })
    }
  }

  return {
    cookies,
    open: (url) => go(url),
    submit(page, fields) {
      const form = /<form[\s\S]*?<\/form>/.exec(page.text)?.[0]
      const action = form === undefined ? undefined : /action="([^"]*)"/.exec(form)?.[1]
      if (form === undefined || action === undefined) throw new Error(`no form at ${page.url}: ${page.text}`)
      const body = new URLSearchParams()
      for (const [input] of form.matchAll(/<input[\s\S]*?>/g)) {
        const name = /name="([^"]*)"/.exec(input)?.[1]
        if (name !== undefined) body.set(name, /value="([^"]*)"/.exec(input)?.[1] ?? '')
      }
      for (const [name, value] of Object.entries(fields)) body.set(name, value)
      const target = new URL(action.replaceAll('&amp;', '&'), page.url).href
      return go(target, { method: 'POST', body, headers: { origin, 'sec-fetch-site': 'same-origin' } })
    },
  }
}
