// An embedded IdP that accepts SAML assertions, and finds users through a function by attribute.
import { createIdp, type Idp } from '@crosswalk/idp'
import { GRANT_TYPE, TOKEN_TYPE } from '@crosswalk/protocol'
import { openPorts, type Ports } from '@crosswalk/storage'
import { decodeJwt } from 'jose'
import { afterAll, beforeAll, expect, it } from 'vitest'

import {
  buildAssertion,
  createSamlKey,
  encode,
  SAML_ISSUER,
  type SamlKey,
  sign,
  SP,
} from '../support/saml.ts'
import { basic } from '../support/flow.ts'

const ISSUER = 'https://idp.acme.test'
const VENDOR = 'https://as.todo0.test'
const AGENT = { id: 'agent0', secret: 'secret of agent0' }
const ALICE = { id: 'usr_alice', username: 'alice', attributes: { employee: 'e-1' } }

let key: SamlKey
let ports: Ports
let idp: Idp
beforeAll(async () => {
  key = await createSamlKey()
  ports = await openPorts('sqlite::memory:')
  const everyone = { everyone: true }
  idp = await createIdp(
    {
      issuer: ISSUER,
      users: {
        findById: async (id) => (id === ALICE.id ? ALICE : undefined),
        findByLogin: async () => undefined,
        findPasswordHash: async () => undefined,
        findByAttribute: async (name, value) => (name === 'employee' && value === 'e-1' ? [ALICE] : []),
      },
      apps: [
        {
          id: AGENT.id,
          name: 'Agent0',
          kind: 'agent',
          auth: { method: 'client_secret_basic', secret: AGENT.secret },
          assignments: everyone,
        },
      ],
      resourceApps: [{ id: 'todo0', name: 'Todo0', issuer: VENDOR, assignments: everyone }],
      connections: [
        {
          id: 'agent0-todo0',
          app: AGENT.id,
          resourceApp: 'todo0',
          clientId: 'agent0-at-todo0',
          scopes: ['todos.read'],
          assignments: everyone,
          status: 'active',
        },
      ],
      saml: {
        issuers: [
          {
            entityId: SAML_ISSUER,
            certificates: [key.certificate],
            audiences: { [SP]: AGENT.id },
            nameId: 'attribute:employee',
          },
        ],
      },
      nameAgents: true,
    },
    ports,
  )
})
afterAll(() => ports.close())

async function exchange(nameId: string) {
  const now = Math.floor(Date.now() / 1000)
  const assertion = buildAssertion({ now, nameId, recipient: `${ISSUER}/token` })
  const body = new URLSearchParams({
    grant_type: GRANT_TYPE.tokenExchange,
    subject_token: encode(sign(assertion, key)),
    subject_token_type: TOKEN_TYPE.saml2,
    requested_token_type: TOKEN_TYPE.idJag,
    audience: VENDOR,
    scope: 'todos.read',
  })
  const headers = { authorization: basic(AGENT) }
  const response = await idp.fetch(new Request(`${ISSUER}/token`, { method: 'POST', headers, body }))
  return { status: response.status, body: (await response.json()) as Record<string, unknown> }
}

it('finds the user by the attribute, and names the agent (SAML-01, ACT-07)', async () => {
  const { status, body } = await exchange('e-1')
  expect(status, JSON.stringify(body)).toBe(200)
  expect(decodeJwt(String(body['access_token']))).toMatchObject({
    sub: ALICE.id,
    act: { sub: AGENT.id },
  })
})

it('finds no user by an unknown attribute value', async () => {
  const { status, body } = await exchange('e-2')
  expect([status, body['error']]).toEqual([400, 'access_denied'])
})
