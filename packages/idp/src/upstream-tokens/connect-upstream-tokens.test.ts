// Which keys tokens of other issuers are checked with, and that only a token of the expected kind causes traffic.
import { refuse } from '@crosswalk/protocol'
import { expect, it } from 'vitest'

import type { IdpConfig, IdpPorts } from '../idp-ports.ts'
import { connectUpstreamTokens } from './connect-upstream-tokens.ts'

const PUBLIC = 'https://login.corp.test'
const PRIVATE = 'https://login.intranet.test'

interface Change {
  readonly method?: 'GET'
  /** More parameters */
  readonly more?: [string, string][]
}

/** @returns the answer to a token, and where its key was searched */
async function postLogoutToken(iss: string, header: object = {}, change: Change = {}) {
  const asked: string[] = []
  const keys = (name: string) => ({
    peek: () => undefined,
    async find() {
      asked.push(name)
      return refuse({ reason: 'unreachable' })
    },
  })
  const trusts = [PUBLIC, PRIVATE].map((issuer) => ({
    ...{ issuer, algorithms: ['ES256'], privateNetwork: issuer === PRIVATE },
  }))
  const subjectIssuers = new Map(trusts.map((trust) => [trust.issuer, trust]))
  const ports = {
    ...{ upstreams: {}, clock: { nowMs: () => 0 }, onFault: (fault: unknown) => asked.push(String(fault)) },
    ...{ issuerKeys: keys('internet'), privateIssuerKeys: keys('private network') },
    snapshot: () => ({ subjectIssuers }),
  } as unknown as IdpPorts
  const { listRoutes } = connectUpstreamTokens({ subjectIssuers: trusts } as unknown as IdpConfig, ports)
  const [, post] = listRoutes({} as never).find(([path]) => path === '/upstream/logout') ?? []
  const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url')
  const events = { 'http://schemas.openid.net/event/backchannel-logout': {} }
  const token = `${encode({ alg: 'ES256', typ: 'logout+jwt', ...header })}.${encode({ iss, events })}.AAAA`
  const body = new URLSearchParams([['logout_token', token], ...(change.more ?? [])])
  const init = change.method === 'GET' ? {} : { method: 'POST', body }
  const response = await post?.(new Request('https://idp.test/upstream/logout', init))
  return { status: response?.status, allow: response?.headers.get('allow'), asked }
}

it.each([
  [PUBLIC, 'internet'],
  [PRIVATE, 'private network'],
])(
  'asks for the keys of %s in its own network, and to be called again if they are unreachable',
  async (iss, network) => {
    expect(await postLogoutToken(iss)).toMatchObject({ status: 503, asked: [network] })
  },
)

it('asks for no keys of a stranger, nor for another kind of token', async () => {
  expect(await postLogoutToken('https://stranger.test')).toMatchObject({ status: 400, asked: [] })
  expect(await postLogoutToken(PUBLIC, { typ: 'at+jwt' })).toMatchObject({ status: 400, asked: [] })
})

it('reads one logout token from a form POST', async () => {
  const sent = (change: Change) => postLogoutToken(PUBLIC, {}, change)
  expect(await sent({ more: [['logout_token', 'x']] })).toMatchObject({ status: 400, asked: [] })
  expect(await sent({ more: [['other', 'x']] })).toMatchObject({ status: 503, asked: ['internet'] })
  expect(await sent({ method: 'GET' })).toEqual({ status: 405, allow: 'POST', asked: [] })
})
