import { TOKEN_TYPE } from '@crosswalk/protocol'
import { describe, expect, test } from 'vitest'

import { evaluateExchange } from '../evaluate-exchange.ts'
import type { ActorFact, ExchangeFacts } from '../exchange-facts.ts'
import type { ExchangeSnapshot } from '../exchange-snapshot.ts'
import {
  DEFINITIONS,
  idTokenOf,
  ISSUER,
  makeFacts,
  makeSnapshot,
  NOW_SECONDS,
  USERS,
  withConnection,
} from '../testing/exchange-world.ts'
import { renderRecords } from '../testing/render-records.ts'

const alice = USERS.alice ?? expect.fail()
const PROFILE: Partial<ExchangeSnapshot> = { actorProfile: 'enabled' }

function actorOf(claims: Readonly<Record<string, unknown>> = {}): ActorFact {
  const good = {
    iss: 'other',
    sub: 'other',
    aud: ISSUER,
    client_id: 'agent0',
    iat: NOW_SECONDS,
    exp: NOW_SECONDS + 60,
    jti: 'j',
  }
  return {
    tokenType: TOKEN_TYPE.jwt,
    token: {
      state: 'read',
      typ: 'actor-token+jwt',
      algorithm: 'ES256',
      claims: { ...good, ...claims },
      signature: 'valid',
    },
    replayed: false,
  }
}

interface Case {
  readonly facts?: Partial<ExchangeFacts>
  readonly settings?: Partial<ExchangeSnapshot>
  readonly actors?: readonly string[]
  readonly brought?: boolean
  /** How the acting app differs from one with a key */
  readonly app?: object
  readonly connections?: readonly []
}

const KEYS = { method: 'private_key_jwt' as const, jwks: { keys: [] } }

function decide({ facts, settings = PROFILE, actors = ['other'], brought = true, app, connections }: Case) {
  return evaluateExchange(
    makeFacts({ ask: { hasActorToken: brought }, actor: brought ? actorOf() : undefined, ...facts }),
    makeSnapshot(
      {
        ...withConnection({ actors }),
        apps: DEFINITIONS.apps.map((one) => (one.id === 'other' ? { ...one, auth: KEYS, ...app } : one)),
        ...(connections === undefined ? {} : { connections }),
      },
      settings,
    ),
  )
}

const act = { iss: ISSUER, sub: 'other', sub_profile: 'ai_agent' }
const actedBefore = (before: unknown) => ({ subject: idTokenOf(alice, { act: before }) })

const unreadable: ActorFact = {
  tokenType: TOKEN_TYPE.jwt,
  token: { state: 'unreadable', detail: 'no JWT' },
  replayed: false,
}
function signed(signature: 'invalid' | 'keys-refused' | 'keys-unreachable', keyProblem?: string): ActorFact {
  const { token, ...rest } = actorOf()
  if (token?.state !== 'read') throw new Error('no token')
  return { ...rest, token: { ...token, signature, ...(keyProblem === undefined ? {} : { keyProblem }) } }
}
const four = { sub: '0', act: { sub: '1', act: { sub: '2', act: { sub: '3' } } } }

const refused: readonly (readonly [string, Case, string])[] = [
  ['a disabled profile (ACT-02)', { settings: {} }, 'XAA1005'],
  ['a token of another client', { facts: { actor: actorOf({ client_id: 'other' }) } }, 'XAA1010'],
  ['one of the two parameters', { facts: { actor: undefined } }, 'XAA1010'],
  ['another type', { facts: { actor: { ...actorOf(), tokenType: TOKEN_TYPE.idToken } } }, 'XAA1010'],
  ['a used token', { facts: { actor: { ...actorOf(), replayed: true } } }, 'XAA1010'],
  ['an unregistered app', { facts: { actor: actorOf({ iss: 'x', sub: 'x' }) } }, 'XAA1010'],
  ['an actor without a connection', { actors: [] }, 'XAA1408'],
  ['an actor of another connection', { actors: ['agent0'] }, 'XAA1408'],
  ['an unreadable token', { facts: { actor: unreadable } }, 'XAA1010'],
  ['a wrong signature', { facts: { actor: signed('invalid') } }, 'XAA1010'],
  ['unusable keys', { facts: { actor: signed('keys-refused', 'no JSON') } }, 'XAA1010'],
  ['a disabled app', { app: { active: false } }, 'XAA1010'],
  ['an app with a secret', { app: { auth: { method: 'client_secret_basic', secret: 's' } } }, 'XAA1010'],
  [
    'an app of a trust domain',
    { app: { auth: { ...KEYS, spiffeId: 'spiffe://acme.test/other' } } },
    'XAA1010',
  ],
  ['an actor without any connection to the resource app', { connections: [] }, 'XAA1401'],
]

describe('ACT-03 the actor profile', () => {
  test('names a proved actor, and grants no more than without one', () => {
    const [named, plain] = [decide({}), decide({ brought: false })]
    expect(named.granted).toEqual({ ...plain.granted, act })
    expect(named.request.actor).toEqual({ ref: 'other', issuer: ISSUER, profile: 'ai_agent' })
    expect(plain.request.actor).toBeUndefined()
  })

  test.each(refused)('refuses %s', (_, wrong, code) => {
    expect(decide(wrong)).toMatchObject({ outcome: 'deny', code, granted: null })
  })

  test('may be asked for again if the keys of the actor cannot be fetched', () => {
    const record = decide({ facts: { actor: signed('keys-unreachable') } })
    expect(record).toMatchObject({ outcome: 'error', code: 'XAA1106', granted: null })
  })
})

test('records what was checked about an actor and what was found', async ({ expect }) => {
  const records: readonly (readonly [string, Case])[] = [
    ['no actor token', { brought: false }],
    ['an earlier actor', { facts: actedBefore({ sub: 'first' }) }],
    ['too many earlier actors', { facts: actedBefore(four) }],
    ...refused.map(([title, wrong]) => [title, wrong] as const),
  ]
  const text = renderRecords(
    decide({}),
    records.map(([title, one]) => [title, decide(one)]),
  )
  await expect(text).toMatchFileSnapshot('../testing/actor-records.txt')
})

describe('ACT-08 earlier actors', () => {
  const before = { sub: 'first', act: { sub: 'earliest' } }

  test('stay nested within the current actor', () => {
    expect(decide({ facts: actedBefore(before) }).granted?.act).toEqual({ ...act, act: before })
  })

  test('stay without a current actor, even if the profile is disabled', () => {
    for (const settings of [PROFILE, {}])
      expect(decide({ brought: false, settings, facts: actedBefore(before) }).granted?.act).toEqual(before)
  })

  test('are limited to four in all', () => {
    const three = { sub: '1', act: { sub: '2', act: { sub: '3' } } }
    expect(decide({ facts: actedBefore(three) }).outcome).toBe('allow')
    expect(decide({ facts: actedBefore({ sub: '0', act: three }) })).toMatchObject({ code: 'XAA1010' })
  })

  test('are trusted only from a verified token', () => {
    const subject = idTokenOf(alice, { act: before })
    if (subject.kind !== 'id_token' || subject.token.state !== 'read') throw new Error('no token')
    const forged = { ...subject, token: { ...subject.token, signature: 'invalid' as const } }
    const record = decide({ brought: false, facts: { subject: forged } })
    expect([record.outcome, record.request.actor]).toEqual(['deny', undefined])
  })
})

describe('ACT-04 named agents', () => {
  const settings = { nameAgents: true }
  const own = (change: Case) => decide({ brought: false, settings, ...change }).granted?.act

  test('are agents that authenticated', () => {
    expect(own({})).toEqual({ iss: ISSUER, sub: 'agent0', sub_profile: 'ai_agent' })
    const client = { state: 'authenticated', clientId: 'agent0', method: 'none' } as const
    expect(own({ facts: { client, dpop: { state: 'proved', jkt: 'k' } } })).toBeUndefined()
  })

  test('are agents, not other kinds of app', () => {
    const apps = DEFINITIONS.apps.map((app) => ({ ...app, kind: 'web' as const }))
    const snapshot = makeSnapshot({ apps }, settings)
    const record = evaluateExchange(makeFacts(), snapshot)
    expect([record.outcome, record.granted?.act]).toEqual(['allow', undefined])
  })

  test('are replaced by the actor of an actor token', () => {
    expect(decide({ settings: { ...PROFILE, ...settings } }).granted?.act).toEqual(act)
  })

  test('are not recorded as the actor if an actor token was refused', () => {
    const wrong = { settings: { ...PROFILE, ...settings }, facts: { actor: actorOf({ client_id: 'other' }) } }
    const { code, request } = decide(wrong)
    expect([code, request.actor]).toEqual(['XAA1010', undefined])
  })
})
