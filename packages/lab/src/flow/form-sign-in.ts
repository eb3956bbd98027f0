// Signs in a user of the demo world without a browser, through the plain sign-in form of every Crosswalk IdP: inputs
// `username` and `password`. Follows redirects of that IdP only, and stops when the app would be reached.
import { splitUrl } from '@crosswalk/protocol'

import { LabError } from '../lab-error.ts'
import type { GuardedSender, HttpRequest } from '../http/guarded-sender.ts'

export interface EvaluatedUser {
  readonly username: string
  readonly password: string
}

const MAX_STEPS = 12

/** @returns the redirect with the response */
export async function signInByForm(
  sender: GuardedSender,
  start: string,
  { username, password, redirectUri }: EvaluatedUser & { readonly redirectUri: string },
): Promise<URL> {
  const origin = splitUrl(start)?.origin
  const jar = new Map<string, string>()
  let next: HttpRequest = { method: 'GET', url: start }
  let isFilled = false
  for (let step = 0; step < MAX_STEPS; step += 1) {
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ')
    const headers = { accept: 'text/html', ...(cookie === '' ? {} : { cookie }) }
    const answer = await sender.send({ ...next, headers })
    for (const line of answer.cookies) keep(jar, line)
    const { location } = answer.headers
    if (location !== undefined) {
      const url = new URL(location, next.url)
      if (url.href.startsWith(`${redirectUri}?`)) return url
      if (splitUrl(url.href)?.origin !== origin) break
      next = { method: 'GET', url: url.href }
    } else if (answer.text.includes('name="password"') && !isFilled) {
      isFilled = true
      next = fill(answer.text, next.url, { username, password })
      // A form with a foreign target would send the password there.
      if (splitUrl(next.url)?.origin !== origin) break
    } else break
  }
  throw new LabError(
    'signIn',
    `${username} was not signed in`,
    'check that the user is active and may use the app; the demo world may have been restarted',
  )
}

function keep(jar: Map<string, string>, line: string): void {
  const [pair = ''] = line.split(';')
  const at = pair.indexOf('=')
  jar.set(pair.slice(0, at), pair.slice(at + 1))
}

function fill(page: string, url: string, user: EvaluatedUser): HttpRequest {
  const action = decode(/<form[^>]*\baction="([^"]*)"/i.exec(page)?.[1] ?? url)
  const form = new URLSearchParams()
  for (const [input] of page.matchAll(/<input\b[^>]*>/gi)) {
    const name = /\bname="([^"]*)"/.exec(input)?.[1]
    if (name === undefined) continue
    const given = name === 'username' || name === 'password' ? user[name] : undefined
    form.set(name, given ?? decode(/\bvalue="([^"]*)"/.exec(input)?.[1] ?? ''))
  }
  return { method: 'POST', url: new URL(action, url).href, form }
}

function decode(text: string): string {
  return text.replaceAll('&#x2F;', '/').replaceAll('&quot;', '"').replaceAll('&amp;', '&')
}
