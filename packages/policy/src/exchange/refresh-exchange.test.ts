// Exchanging a SAML assertion for a refresh token has the same rules for self-described apps as for registered ones.
import { TOKEN_TYPE, zApp } from '@crosswalk/protocol'
import { describe, expect, test } from 'vitest'

import { evaluateExchange } from '../evaluate-exchange.ts'
import { DEFINITIONS, makeFacts, makeSnapshot, USERS } from '../testing/exchange-world.ts'

const DESCRIBED = 'https://agent.test/client.json'
const ask = {
  requestedTokenType: TOKEN_TYPE.refreshToken,
  subjectTokenType: TOKEN_TYPE.saml2,
  audience: [],
  resource: [],
}

function judge(isRegistered: boolean, groups: readonly string[]) {
  const [template] = DEFINITIONS.apps
  const app = zApp.parse({
    ...template,
    id: isRegistered ? 'agent0' : DESCRIBED,
    auth: { method: 'private_key_jwt', jwksUri: 'https://agent.test/jwks' },
    assignments: { groups },
  })
  const facts = makeFacts({
    ask,
    client: { state: 'authenticated', clientId: app.id, method: 'private_key_jwt' },
    subject: { kind: 'assumed', signIn: { userId: 'usr_alice', authTime: 1_799_999_000 } },
    user: USERS['alice'],
    ...(isRegistered ? {} : { describedApp: app }),
  })
  const record = evaluateExchange(facts, makeSnapshot(isRegistered ? { apps: [app] } : {}, { saml: [] }))
  return record.checks.find(({ id }) => id === 'people.app_assignment')
}

describe.each([
  ['registered', true],
  ['describes itself', false],
])('an app that is %s', (_, isRegistered) => {
  test('is refused for a user who is not assigned to it', () => {
    expect(judge(isRegistered, ['sales'])).toMatchObject({ result: 'fail', code: 'XAA1501' })
    expect(judge(isRegistered, ['engineering'])).toMatchObject({ result: 'pass' })
  })
})
