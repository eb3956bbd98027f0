// A browser without JavaScript, over real HTTP: follows redirects, stores cookies, and submits forms.

export interface Page {
  readonly url: string
  readonly status: number
  readonly html: string
}

export interface JsonAnswer {
  readonly status: number
  readonly body: unknown
}

type Headers = Readonly<Record<string, string>>

export interface Browser {
  open(url: string): Promise<Page>
  /** Fills in the first form of the page with all these fields, and submits it with its hidden fields. */
  submit(page: Page, fields: Readonly<Record<string, string>>): Promise<Page>
  readJson(url: string, headers: Headers): Promise<JsonAnswer>
  postJson(url: string, body: unknown, more?: Headers): Promise<JsonAnswer>
  /** Like `submit`, but stops at the first URL that starts with `prefix`, without opening it. */
  submitUntil(page: Page, fields: Readonly<Record<string, string>>, prefix: string): Promise<URL | Page>
}

const MAX_REDIRECTS = 12

export function createBrowser(): Browser {
  // As in a real browser, all ports of a host share its cookies.
  const cookies = new Map<string, string>()
  const send = async (url: string, init: RequestInit = {}) => {
    const headers = new globalThis.Headers(init.headers)
    headers.set('cookie', [...cookies].map(([name, value]) => `${name}=${value}`).join('; '))
    const response = await fetch(url, { ...init, headers, redirect: 'manual' })
    keepCookies(response, cookies)
    return response
  }
  const walk = async (start: string, init: RequestInit, prefix?: string): Promise<URL | Page> => {
    let url = start
    let response = await send(url, init)
    for (let step = 0; step < MAX_REDIRECTS; step += 1) {
      const location = response.headers.get('location')
      if (location === null) return { url, status: response.status, html: await response.text() }
      await response.body?.cancel()
      url = new URL(location, url).href
      if (prefix !== undefined && url.startsWith(prefix)) return new URL(url)
      response = await send(url)
    }
    throw new Error(`${start} has too many redirects, the last one to ${url}`)
  }
  const toPage = async (start: string, init: RequestInit = {}) => (await walk(start, init)) as Page
  return {
    open: (url) => toPage(url),
    submit: (page, fields) => {
      const { action, body } = fillForm(page, fields)
      return toPage(action, { method: 'POST', body })
    },
    readJson: async (url, headers) => {
      const response = await send(url, { headers })
      return { status: response.status, body: await response.json() }
    },
    postJson: async (url, body, more = {}) => {
      const headers = { 'content-type': 'application/json', ...more }
      const response = await send(url, { method: 'POST', headers, body: JSON.stringify(body) })
      return { status: response.status, body: await response.json() }
    },
    submitUntil: (page, fields, prefix) => {
      const { action, body } = fillForm(page, fields)
      return walk(action, { method: 'POST', body }, prefix)
    },
  }
}

function keepCookies(response: Response, cookies: Map<string, string>): void {
  for (const cookie of response.headers.getSetCookie()) {
    const [pair = '', ...attributes] = cookie.split(';')
    const [name = '', value = ''] = split(pair)
    const expired = attributes.some((one) => /^\s*(max-age=0|expires=.*1970)/i.test(one))
    if (expired) cookies.delete(name)
    else cookies.set(name, value)
  }
}

function split(pair: string): readonly [string, string] {
  const at = pair.indexOf('=')
  return [pair.slice(0, at).trim(), pair.slice(at + 1)]
}

function fillForm({ html, url }: Page, fields: Readonly<Record<string, string>>) {
  for (const [, attributes = '', inside = ''] of html.matchAll(/<form\b([^>]*)>(.*?)<\/form>/gis)) {
    const inputs = [...inside.matchAll(/<(?:input|button|textarea)\b[^>]*>/gi)].map(([tag]) => ({
      name: readAttribute(tag, 'name') ?? '',
      value: readAttribute(tag, 'value') ?? '',
      hidden: readAttribute(tag, 'type') === 'hidden',
    }))
    if (!Object.keys(fields).every((name) => inputs.some((input) => input.name === name))) continue
    const body = new URLSearchParams()
    for (const { name, value, hidden } of inputs) if (hidden) body.set(name, value)
    for (const [name, value] of Object.entries(fields)) body.set(name, value)
    return { action: new URL(readAttribute(attributes, 'action') ?? url, url).href, body }
  }
  throw new Error(`${url} has no form with ${Object.keys(fields).join(', ')}`)
}

const ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  '#39': "'",
  '#x2F': '/',
}

function readAttribute(tag: string, name: string): string | undefined {
  const text = new RegExp(`\\b${name}="([^"]*)"`, 'i').exec(tag)?.[1]
  return text?.replace(/&([a-z0-9#]+);/gi, (whole, entity: string) => ENTITIES[entity] ?? whole)
}
