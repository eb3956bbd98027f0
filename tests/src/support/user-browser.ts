// A user at the IdP's pages without JavaScript: signs in, reads pages and submits their forms.
import { renderCookies } from './cookie-jar.ts'
import { PASSWORD } from './company.ts'
import { walk } from './form-walker.ts'

export interface UserBrowser {
  /** @returns the text of the final page */
  open(path: string): Promise<SeenPage>
  /** Submits the first form of a page that contains all these words, with these fields and its hidden ones. */
  send(page: SeenPage, form: string, fields?: Readonly<Record<string, string>>): Promise<SeenPage>
  post(
    path: string,
    fields: Readonly<Record<string, string>>,
    headers?: Readonly<Record<string, string>>,
  ): Promise<SeenPage>
}

export interface SeenPage {
  readonly status: number
  readonly url: string
  readonly text: string
}

/** @returns the visible text */
export function readWords(html: string): string {
  return html.replaceAll(/<[^>]*>/g, '').replaceAll(/\s+/g, ' ')
}

export async function openAs(baseUrl: string, username: string, start = '/me'): Promise<UserBrowser> {
  const jar = new Map<string, string>()
  const { page } = await walk(
    `${baseUrl}${start}`,
    { username, password: PASSWORD, redirectUri: 'none:' },
    jar,
  )
  if (page === undefined || page.includes('name="password"')) throw new Error(`${username} is not signed in`)

  async function go(url: string, init: RequestInit = {}): Promise<SeenPage> {
    const headers = { ...(init.headers as Record<string, string>), cookie: renderCookies(jar) }
    const response = await fetch(url, { ...init, headers, redirect: 'manual' })
    const location = response.headers.get('location')
    if (location !== null) return go(new URL(location, url).href)
    return { status: response.status, url, text: await response.text() }
  }

  const post: UserBrowser['post'] = (path, fields, headers = { origin: baseUrl }) =>
    go(`${baseUrl}${path}`, { method: 'POST', body: new URLSearchParams(fields), headers })
  return {
    open: (path) => go(`${baseUrl}${path}`),
    post,
    send(seen, words, fields = {}) {
      const form = [...seen.text.matchAll(/<form[\s\S]*?<\/form>/g)]
        .map(([it]) => it)
        .find((it) => readWords(it).includes(words))
      if (form === undefined) throw new Error(`no form with ${words}: ${seen.text}`)
      const action = new URL(/action="([^"]*)"/.exec(form)?.[1] ?? seen.url)
      const hidden = [...form.matchAll(/<input[^>]*type="hidden"[^>]*>/g)].map(([input]) => [
        /name="([^"]*)"/.exec(input)?.[1] ?? '',
        /value="([^"]*)"/.exec(input)?.[1] ?? '',
      ])
      return post(action.pathname, { ...Object.fromEntries(hidden), ...fields } as Record<string, string>)
    },
  }
}
