// Authorization details checked against the JSON Schema of their type, at both servers: the vendor may reject what the IdP allowed, and
// the record of the server that rejects says where.
import { createResource } from '@crosswalk/resource'
import { decodeJwt } from 'jose'
import { afterAll, beforeAll, expect, it } from 'vitest'

import { company, TODO } from '../support/company.ts'
import { exchange, redeem, signInFor } from '../support/flow.ts'
import { startTestServer, type TestServer } from '../support/server.ts'

const atMost = (maximum: number) => [
  {
    type: 'payment',
    schema: {
      properties: { type: true, amount: { $ref: '#/$defs/amount' } },
      required: ['amount'],
      additionalProperties: false,
      $defs: { amount: { type: 'integer', minimum: 1, maximum } },
    },
  },
]

let server: TestServer
let idToken: string
beforeAll(async () => {
  server = await startTestServer({
    file: (baseUrl) => {
      const file = company(baseUrl, {
        connection: { authorizationDetailsTypes: ['payment'] },
        authorizationServer: { authorizationDetailsTypes: atMost(500) },
      })
      const { resourceApps, ...idp } = file.idp as {
        readonly resourceApps: readonly { readonly id: string }[]
      }
      const withSchema = resourceApps.map((app) =>
        app.id === 'todo0' ? { ...app, authorizationDetailsTypes: atMost(1000) } : app,
      )
      return { ...file, idp: { ...idp, resourceApps: withSchema } }
    },
  })
  ;({ idToken } = await signInFor(server.baseUrl, 'alice'))
})
afterAll(() => server.stop())

const ask = (details: object) =>
  exchange(server.baseUrl, idToken, {
    resource: TODO,
    authorization_details: JSON.stringify([
      { type: 'payment', amount: 1 },
      { type: 'payment', ...details },
    ]),
  })

async function findFault({ headers }: { readonly headers: Headers }) {
  const id = headers.get('crosswalk-decision') ?? ''
  const [found] = await server.events((events) => events.findByDecision(id))
  const failed = found?.event.decision?.checks.find(({ result }) => result === 'fail')
  return { id: failed?.id, code: failed?.code, actual: failed?.actual }
}

it.each([
  [{ amount: 1001 }, '/1/amount', 'must be <= 1000'],
  [{}, '/1/amount', "must have required property 'amount'"],
  [{ amount: 5, to: 'mallory' }, '/1/to', 'must NOT have additional properties'],
])('the IdP refuses %j, and its record says where: %s (RAR-02, RAR-03)', async (details, path, problem) => {
  const answer = await ask(details)
  expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_authorization_details' } })
  expect(await findFault(answer)).toEqual({
    id: 'authorization_details',
    code: 'XAA1308',
    actual: { path, problem },
  })
  expect(JSON.stringify(answer.body)).not.toContain(path)
})

it.each([
  [500, undefined],
  [501, { path: '/1/amount', problem: 'must be <= 500' }],
])('the vendor judges by its own schema what the IdP granted: %i (RAR-04, RAR-07)', async (amount, fault) => {
  const granted = await ask({ amount })
  expect(granted.status).toBe(200)
  const answer = await redeem(server.baseUrl, String(granted.body.access_token))
  if (fault === undefined) {
    const details = [
      { type: 'payment', amount: 1 },
      { type: 'payment', amount },
    ]
    expect(answer.body.authorization_details).toEqual(details)
    expect(decodeJwt(String(answer.body.access_token)).authorization_details).toEqual(details)
    return
  }
  expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_authorization_details' } })
  expect(await findFault(answer)).toEqual({ id: 'authorization_details', code: 'XAA2221', actual: fault })
})

it.each(['{', '{}', 'null', '"payment"', '[1]', '[null]', '[{"amount":1}]', '[{"type":1}]'])(
  'the IdP rejects %s, which is not an array of objects with a type (RAR-01)',
  async (text) => {
    const answer = await exchange(server.baseUrl, idToken, { resource: TODO, authorization_details: text })
    expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_authorization_details' } })
  },
)

it('an empty array requests no details (RAR-01)', async () => {
  const answer = await exchange(server.baseUrl, idToken, { resource: TODO, authorization_details: '[]' })
  expect(answer.status).toBe(200)
  expect(answer.body).not.toHaveProperty('authorization_details')
  expect(decodeJwt(String(answer.body.access_token))).not.toHaveProperty('authorization_details')
  expect(answer.body.scope).toBe('todos.read todos.write')
})

it.each(['', '/as/vendor'])('publishes the types in the metadata of %j (RAR-08, META-11)', async (path) => {
  const metadata = await fetch(`${server.baseUrl}/.well-known/oauth-authorization-server${path}`)
  expect(await metadata.json()).toMatchObject({ authorization_details_types_supported: ['payment'] })
})

it('types are listed in the metadata of an API that has some, and nowhere else (RAR-08)', () => {
  const resource = { resource: TODO, issuer: `${server.baseUrl}/as/vendor` }
  const paying = createResource({ ...resource, authorizationDetailsTypes: ['payment'] })
  expect(paying.metadata).toMatchObject({ authorization_details_types_supported: ['payment'] })
  expect(createResource(resource).metadata).not.toHaveProperty('authorization_details_types_supported')
})
