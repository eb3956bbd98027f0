// The cookies of one browser at one site.
export type Jar = Map<string, string>

/** @returns the value of a `Cookie` header */
export function renderCookies(jar: Jar): string {
  return [...jar].map(([name, value]) => `${name}=${value}`).join('; ')
}

export function keepCookies(response: Response, jar: Jar): void {
  for (const cookie of response.headers.getSetCookie()) {
    const [pair = ''] = cookie.split(';')
    const at = pair.indexOf('=')
    jar.set(pair.slice(0, at), pair.slice(at + 1))
  }
}

/** Confirms the page of the IdP, for all apps unless `everywhere` is false. */
export async function signOut(
  baseUrl: string,
  jar: Jar,
  { hint, everywhere = true }: { readonly hint?: string; readonly everywhere?: boolean } = {},
): Promise<Response> {
  const query = hint === undefined ? '' : `?${new URLSearchParams({ id_token_hint: hint })}`
  const page = await fetch(`${baseUrl}/session/end${query}`, { headers: { cookie: renderCookies(jar) } })
  keepCookies(page, jar)
  const xsrf = /name="xsrf" value="([^"]+)"/.exec(await page.text())?.[1] ?? ''
  return fetch(`${baseUrl}/session/end/confirm`, {
    method: 'POST',
    redirect: 'manual',
    headers: { cookie: renderCookies(jar), origin: baseUrl },
    body: new URLSearchParams({ xsrf, ...(everywhere ? { logout: 'yes' } : {}) }),
  })
}
