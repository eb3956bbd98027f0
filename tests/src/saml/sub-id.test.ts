// The `sub_id` claim: issued if configured, and resolved to an account at a resource that uses SAML NameIDs.
import { decodeJwt } from 'jose'
import { afterAll, describe, expect, test } from 'vitest'

import { company, TODO } from '../support/company.ts'
import { type Answer, exchange, redeem, signInFor } from '../support/flow.ts'
import { startTestServer, type TestServer } from '../support/server.ts'

const ENTITY = 'https://idp.acme.test/saml'
const PERSISTENT = 'urn:oasis:names:tc:SAML:2.0:nameid-format:persistent'
const SUB_ID = {
  format: 'saml-nameid',
  issuer: ENTITY,
  nameid: 'user.email',
  nameidFormat: PERSISTENT,
  spNameQualifier: 'https://todo.test/sp',
}

interface Change {
  readonly subId?: Readonly<Record<string, unknown>> | undefined
  readonly trust?: Readonly<Record<string, unknown>>
  /** `subject` of the resource app */
  readonly subject?: string
}

const BY_NAME_ID = { subject: ['sub_id'], provisioning: 'jit', samlEntityId: ENTITY }
const servers: TestServer[] = []
afterAll(() => Promise.all(servers.map((server) => server.stop())))

async function start({ subId, trust, subject }: Change): Promise<TestServer> {
  const server = await startTestServer({
    file: (baseUrl) => {
      const file = company(baseUrl, {
        authorizationServer: { trustedIssuers: [{ issuer: baseUrl, ...(trust ?? BY_NAME_ID) }] },
      })
      const idp = file.idp as { readonly resourceApps: readonly { readonly id: string }[] }
      const resourceApps = idp.resourceApps.map((app) =>
        app.id === 'todo0'
          ? { ...app, ...(subId && { subId }), ...(subject === undefined ? {} : { subject }) }
          : app,
      )
      return { ...file, idp: { ...idp, resourceApps } }
    },
  })
  servers.push(server)
  return server
}

async function cross(server: TestServer, user = 'alice', resource = TODO) {
  const { idToken } = await signInFor(server.baseUrl, user)
  const issued = await exchange(server.baseUrl, idToken, { resource })
  const idJag = String(issued.body.access_token)
  return { issued, claims: issued.status === 200 ? decodeJwt(idJag) : {}, idJag }
}

async function findAccountCheck(server: TestServer, { headers }: Answer) {
  const id = headers.get('crosswalk-decision') ?? ''
  const [found] = await server.events((events) => events.findByDecision(id))
  const check = found?.event.decision?.checks.find((one) => one.id === 'account')
  return { code: check?.code, account: check?.ref, linkingSteps: check?.actual }
}

describe('at the IdP', () => {
  test('SAML-07, JAG-20: the claim has the members that are configured, and no others', async () => {
    const { claims } = await cross(await start({ subId: SUB_ID }))
    expect(claims.sub_id).toEqual({
      format: 'saml-nameid',
      issuer: ENTITY,
      nameid: 'alice@acme.test',
      nameid_format: PERSISTENT,
      sp_name_qualifier: 'https://todo.test/sp',
    })
  })

  test('SAML-11: without configuration there is no claim', async () => {
    const { claims } = await cross(await start({}))
    expect(claims.sub).toBe('usr_alice')
    expect(claims).not.toHaveProperty('sub_id')
  })

  test('SAML-12: a pairwise NameID is the same at every exchange, and is not the user id', async () => {
    const server = await start({ subId: { ...SUB_ID, nameid: 'pairwise' } })
    const [one, two] = [await cross(server), await cross(server)]
    expect(one.claims.sub_id).toEqual(two.claims.sub_id)
    expect(JSON.stringify(one.claims.sub_id)).not.toContain('alice')
  })

  test('SAML-12: a transient format is no configuration', async () => {
    const nameidFormat = 'urn:oasis:names:tc:SAML:2.0:nameid-format:transient'
    await expect(start({ subId: { ...SUB_ID, nameidFormat } })).rejects.toThrow(/transient/)
  })

  test('a user without a value for the NameID gets no ID-JAG', async () => {
    const { issued } = await cross(await start({ subId: { ...SUB_ID, nameid: 'user.attributes.none' } }))
    expect(issued.body.error).toBe('access_denied')
  })
})

describe('at the Resource AS', () => {
  test('SAML-08: an account made for a NameID is found by it afterwards, and no one else', async () => {
    const server = await start({ subId: SUB_ID })
    const first = await redeem(server.baseUrl, (await cross(server)).idJag)
    expect(first.status, JSON.stringify(first.body)).toBe(200)
    const second = await redeem(server.baseUrl, (await cross(server)).idJag)
    const found = await findAccountCheck(server, second)
    expect(found.linkingSteps).toEqual([{ step: 'sub_id', result: 'found' }])
    expect(found.account).toBe((await findAccountCheck(server, first)).account)
    const carol = await redeem(server.baseUrl, (await cross(server, 'carol')).idJag)
    expect((await findAccountCheck(server, carol)).account).not.toBe(found.account)
  })

  test('SAML-09: without a usable sub_id, no account is found and none is made', async () => {
    const server = await start({})
    const answer = await redeem(server.baseUrl, (await cross(server)).idJag)
    expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_grant' } })
    expect(await findAccountCheck(server, answer)).toEqual({
      code: 'XAA2301',
      account: undefined,
      linkingSteps: [{ step: 'sub_id', result: 'not-usable', why: 'no sub_id claim' }],
    })
  })

  test.each([
    ['another entity id than the trust entry names', ENTITY + '/other', 'a sub_id of another SAML issuer'],
    ['a trust entry without an entity id', undefined, 'no SAML entity id is tied to this issuer'],
  ])('SAML-10: the claim creates no trust: %s', async (_, samlEntityId, why) => {
    const { samlEntityId: __, ...rest } = BY_NAME_ID
    const trust = samlEntityId === undefined ? rest : { ...rest, samlEntityId }
    const server = await start({ subId: SUB_ID, trust })
    const answer = await redeem(server.baseUrl, (await cross(server)).idJag)
    expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_grant' } })
    expect((await findAccountCheck(server, answer)).linkingSteps).toEqual([
      { step: 'sub_id', result: 'not-usable', why },
    ])
  })
})
