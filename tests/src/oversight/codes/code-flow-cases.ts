// For each code of the authorization code flow a request that ends with it.
import { renderCookies } from '../../support/cookie-jar.ts'
import { buildAuthorizationUrl, consentAs, openAsUser, redeemCode, WEB } from '../../support/code-flow.ts'
import type { Case } from './exchange-cases.ts'

export const CODE_FLOW_CASES: Readonly<Record<string, Case>> = {
  XAA2501: ({ baseUrl }) => redeemCode(baseUrl, 'no code at all'),
  XAA2502: async ({ baseUrl }) =>
    redeemCode(baseUrl, await consentAs(baseUrl, 'alice'), { redirect_uri: `${WEB.redirectUri}/other` }),
  XAA2503: async ({ baseUrl }) =>
    redeemCode(baseUrl, await consentAs(baseUrl, 'alice'), { code_verifier: 'w'.repeat(50) }),
  XAA2504: async ({ baseUrl }) => {
    const code = await consentAs(baseUrl, 'alice')
    await redeemCode(baseUrl, code)
    return redeemCode(baseUrl, code)
  },
  XAA2505: async ({ baseUrl }) => {
    const jar = new Map<string, string>()
    await openAsUser(buildAuthorizationUrl(baseUrl), 'rita', jar)
    const cookie = renderCookies(jar)
    const { status, headers } = await fetch(buildAuthorizationUrl(baseUrl), { headers: { cookie } })
    const silent = buildAuthorizationUrl(baseUrl, { prompt: 'none' })
    const back = await fetch(silent, { headers: { cookie }, redirect: 'manual' })
    const { searchParams } = new URL(back.headers.get('location') ?? 'https://none.test')
    return { status, headers, body: { error: searchParams.get('error') } }
  },
}
