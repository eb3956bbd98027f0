// DPoP nonces, configured per server in the file.
import { beforeAll, describe, expect, it } from 'vitest'

import { AGENT, AGENT_AT_VENDOR, company, TODO } from '../support/company.ts'
import { type Answer, basic, postForm, signInFor } from '../support/flow.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { makeDpopKey } from './support/proofs.ts'

let key: Awaited<ReturnType<typeof makeDpopKey>>
beforeAll(async () => {
  key = await makeDpopKey()
})

function start(nonces: { readonly idp?: unknown; readonly vendor?: unknown }): Promise<TestServer> {
  return startTestServer({
    file: (baseUrl) =>
      company(baseUrl, {
        idp: { dpopNonces: nonces.idp },
        authorizationServer: { dpopNonces: nonces.vendor },
      }),
  })
}

function exchangeWith({ baseUrl }: TestServer, idToken: string, dpop: string): Promise<Answer> {
  const form = {
    grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
    requested_token_type: 'urn:ietf:params:oauth:token-type:id-jag',
    audience: `${baseUrl}/as/vendor`,
    resource: TODO,
    subject_token: idToken,
    subject_token_type: 'urn:ietf:params:oauth:token-type:id_token',
  }
  return postForm(`${baseUrl}/token`, form, { authorization: basic(AGENT), dpop })
}

function redeemWith({ baseUrl }: TestServer, assertion: string, dpop: string): Promise<Answer> {
  const form = { grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion }
  return postForm(`${baseUrl}/as/vendor/token`, form, { authorization: basic(AGENT_AT_VENDOR), dpop })
}

/** @returns whether the first proof was rejected for a missing nonce, and the final response */
async function proveTwice(url: string, send: (proof: string) => Promise<Answer>) {
  const first = await send(await key.prove(url))
  if (first.body.error !== 'use_dpop_nonce') return { asked: false, answer: first }
  expect(first.status).toBe(400)
  const nonce = first.headers.get('dpop-nonce')
  return { asked: true, answer: await send(await key.prove(url, { nonce })) }
}

describe('dpopNonces in the file (DPOP-02, DPOP-11)', () => {
  it.each([
    ['at neither server, by default', {}, [false, false]],
    ['at the IdP only', { idp: true, vendor: false }, [true, false]],
    ['at the Resource AS only, given as a string', { vendor: 'true' }, [false, true]],
  ])('requires nonces %s', async (_, nonces, expected) => {
    const server = await start(nonces)
    try {
      const { idToken } = await signInFor(server.baseUrl, 'alice')
      const exchanged = await proveTwice(`${server.baseUrl}/token`, (proof) =>
        exchangeWith(server, idToken, proof),
      )
      const idJag = String(exchanged.answer.body.access_token)
      const redeemed = await proveTwice(`${server.baseUrl}/as/vendor/token`, (proof) =>
        redeemWith(server, idJag, proof),
      )
      expect([exchanged.asked, redeemed.asked]).toEqual(expected)
      expect([exchanged.answer.status, redeemed.answer.status]).toEqual([200, 200])
    } finally {
      await server.stop()
    }
  })

  it('requires none where the IdP lists what an app may request, because nothing is issued there', async () => {
    const server = await start({ idp: true })
    try {
      const { idToken } = await signInFor(server.baseUrl, 'alice')
      const url = `${server.baseUrl}/reachable-resources`
      const form = { subject_token: idToken, subject_token_type: 'urn:ietf:params:oauth:token-type:id_token' }
      const { status, headers } = await postForm(url, form, {
        authorization: basic(AGENT),
        dpop: await key.prove(url),
      })
      expect([status, headers.get('dpop-nonce')]).toEqual([200, null])
    } finally {
      await server.stop()
    }
  })
})
