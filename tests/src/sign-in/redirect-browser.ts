// A browser without JavaScript: cookies per host, redirects, pages. Stops at a redirect to the app.
import { type Jar, keepCookies, renderCookies } from '../support/cookie-jar.ts'

const MAX_STEPS = 20

export interface Page {
  readonly url: string
  readonly status: number
  readonly text: string
}

export interface RedirectBrowser {
  go(url: string, body?: Readonly<Record<string, string>>): Promise<Page>
  /** Submits the form of a page. */
  submit(page: Page, fields: Readonly<Record<string, string>>): Promise<Page>
}

/** @param appUrl - prefix of the URLs to stop at */
export function openRedirectBrowser(appUrl: string): RedirectBrowser {
  const jars = new Map<string, Jar>()

  async function go(url: string, body?: Readonly<Record<string, string>>): Promise<Page> {
    let request = { url, body: body && new URLSearchParams(body) }
    for (let step = 0; step < MAX_STEPS; step += 1) {
      if (request.url.startsWith(appUrl)) return { url: request.url, status: 0, text: '' }
      const { origin } = new URL(request.url)
      const jar = jars.get(origin) ?? new Map()
      jars.set(origin, jar)
      const response = await fetch(request.url, {
        redirect: 'manual',
        headers: { cookie: renderCookies(jar) },
        ...(request.body === undefined ? {} : { method: 'POST', body: request.body }),
      })
      keepCookies(response, jar)
      const location = response.headers.get('location')
      if (location === null) return { url: request.url, status: response.status, text: await response.text() }
      request = { url: new URL(location, request.url).href, body: undefined }
    }
    throw new Error(`too many redirects from ${url}`)
  }

  return {
    go,
    submit(page, fields) {
      const action = /<form[^>]*\baction="([^"]*)"/.exec(page.text)?.[1] ?? ''
      return go(new URL(action, page.url).href, fields)
    },
  }
}
