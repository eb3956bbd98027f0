// Replay shows how a draft would change a decision, from the decision's record alone, and which facts are unknown.
import { type DecisionRecord, type PolicyDefinition, zPolicy } from '@crosswalk/protocol'
import { describe, expect, it } from 'vitest'

import { evaluateExchange } from '../evaluate-exchange.ts'
import type { ExchangeDefinitions, ExchangeSnapshot } from '../exchange-snapshot.ts'
import {
  DEFINITIONS,
  idTokenOf,
  makeFacts,
  makeSnapshot,
  USERS,
  TODO_RESOURCE,
  withConnection,
  withResourceApp,
} from '../testing/exchange-world.ts'
import { createReplayCollector } from './collect-replay.ts'
import { replayDecision } from './replay-decision.ts'

const users = new Map(Object.values(USERS).map((user) => [user.id, user]))
const alice = USERS.alice as NonNullable<(typeof USERS)[string]>
const rule = (fields: object): PolicyDefinition => zPolicy.parse({ id: 'p', effect: 'deny', ...fields })
const withRule = (fields: object): Partial<ExchangeDefinitions> => ({ policies: [rule(fields)] })

function record(change: Parameters<typeof makeFacts>[0] = {}, snapshot: ExchangeSnapshot = makeSnapshot()) {
  return evaluateExchange(makeFacts(change), snapshot)
}

function replay(
  recorded: DecisionRecord,
  draft: Partial<ExchangeDefinitions>,
  current: Partial<ExchangeDefinitions> = {},
) {
  return replayDecision(recorded, {
    current: { snapshot: makeSnapshot(current), users },
    draft: { snapshot: makeSnapshot(draft), users },
  })
}

/** Requests whatever the connection covers. */
const ANY_RESOURCE = { ask: { resource: [], audience: ['urn:acme:todo0'] } }
const ALSO = 'https://todo.vendor.test/also'
const TWO_RESOURCES: Partial<ExchangeDefinitions> = {
  ...withResourceApp({
    resources: [TODO_RESOURCE, ALSO].map((id) => ({ id, scopes: ['todos.read', 'todos.write'] })),
  }),
  ...withConnection({ resources: [TODO_RESOURCE, ALSO] }),
}
const MFA = { effect: 'require', require: { acr: ['mfa'] } }
const FOR_ALL = withConnection({ assignments: { everyone: true, users: [], groups: [] } })
const bob = { user: USERS.bob, subject: idTokenOf(USERS.bob as typeof alice) }

describe('a recorded decision', () => {
  it.each<[string, object, Partial<ExchangeDefinitions>, Partial<ExchangeDefinitions>, string | undefined]>([
    ['is unchanged if nothing differs', {}, {}, {}, undefined],
    ['is unchanged by a rule about other apps', {}, withRule({ when: { app: 'other' } }), {}, undefined],
    ['would be denied', {}, withRule({ when: { app: 'agent0' } }), {}, 'newly_denied'],
    ['would be allowed', bob, FOR_ALL, {}, 'newly_allowed'],
    ['would need a step-up', {}, withRule(MFA), {}, 'step_up_added'],
    ['would no longer need a step-up', {}, {}, withRule(MFA), 'step_up_removed'],
    [
      'would need another step-up',
      {},
      withRule({ effect: 'require', require: { acr: ['mfa'], maxAuthAgeSeconds: 5 } }),
      withRule(MFA),
      'step_up_changed',
    ],
    [
      'would need a step-up instead of an assignment',
      bob,
      { ...FOR_ALL, ...withRule(MFA) },
      {},
      'newly_allowed',
    ],
    [
      'would be denied instead of a step-up',
      {},
      withConnection({ status: 'suspended' }),
      withRule(MFA),
      'newly_denied',
    ],
    ['would get less', {}, withConnection({ scopes: ['todos.read'] }), {}, 'narrowed'],
    ['would get more', {}, {}, withConnection({ scopes: ['todos.read'] }), 'widened'],
    ['would get fewer resources', ANY_RESOURCE, {}, TWO_RESOURCES, 'narrowed'],
    ['would get more resources', ANY_RESOURCE, TWO_RESOURCES, {}, 'widened'],
    ['would live shorter', {}, withRule({ effect: 'limit', limit: { idJagTtlSeconds: 60 } }), {}, 'lifetime'],
    ['would name another client', {}, withConnection({ clientId: 'other-there' }), {}, 'terms'],
    ['would be denied for another reason', bob, withConnection({ status: 'suspended' }), {}, 'reason'],
  ])('%s', (_, asked, draft, current, kind) => {
    expect(replay(record(asked, makeSnapshot(current)), draft, current)).toMatchObject({
      state: 'compared',
      kind,
      changedSince: false,
    })
  })

  it.each([
    ['in the same second', 500, 501, 'allow'],
    ['at the same time', 501, 501, 'allow'],
    ['a millisecond later', 502, 501, 'deny'],
  ])('is compared with a block that ended %s', (_, endMs, askedMs, outcome) => {
    const second = Date.parse('2027-01-15T08:00:00Z')
    const until = new Date(second + endMs).toISOString()
    const blocks = [{ id: 'blk_1', kind: 'app' as const, target: 'agent0', until, by: 'admin' }]
    const recorded = record({ nowMs: second + askedMs }, makeSnapshot({ blocks }))
    expect(recorded.outcome).toBe(outcome)
    expect(replay(recorded, { blocks }, { blocks })).toMatchObject({ changedSince: false, kind: undefined })
  })

  it('is evaluated at its own time, with its own sign-in and address', () => {
    const recorded = record({ ip: '192.0.2.7' })
    // The request was at 2027-01-15T08:00:00Z.
    const until = (expiresAt: string) => replay(recorded, withConnection({ expiresAt }))
    expect(until('2027-01-15T08:05:00Z')).toMatchObject({ kind: 'lifetime' })
    expect(until('2027-01-15T08:00:01Z')).toMatchObject({ kind: 'lifetime' })
    expect(until('2027-01-15T08:00:00Z')).toMatchObject({ kind: 'newly_denied' })
    const soon = withRule({ effect: 'require', require: { maxAuthAgeSeconds: 59 } })
    expect(replay(recorded, soon)).toMatchObject({ kind: 'step_up_added' })
    const late = withRule({ effect: 'require', require: { maxAuthAgeSeconds: 60 } })
    expect(replay(recorded, late)).toMatchObject({ kind: undefined })
    const network = (cidr: string) => withRule({ when: { network: cidr } })
    expect(replay(recorded, network('192.0.2.0/24'))).toMatchObject({ kind: 'newly_denied' })
    expect(replay(recorded, network('198.51.100.0/24'))).toMatchObject({ kind: undefined })
  })

  it('is evaluated with the authorization details that it requested, also if it was denied', () => {
    const recorded = record({ ...bob, ask: { authorizationDetails: '[{"type":"todo_list"}]' } })
    expect(replay(recorded, FOR_ALL)).toMatchObject({ kind: 'newly_allowed' })
    const noTypes = { ...FOR_ALL, ...withResourceApp({ authorizationDetailsTypes: [] }) }
    expect(replay(recorded, noTypes)).toMatchObject({ kind: 'reason' })
    expect(replay(record(bob), noTypes)).toMatchObject({ kind: 'newly_allowed' })
  })

  it.each<[string, object, Partial<ExchangeDefinitions>]>([
    ['deny', {}, withRule({ when: { app: 'agent0' } })],
    ['deny for another reason', bob, withConnection({ status: 'suspended' })],
    ['allow with less', {}, withConnection({ scopes: ['todos.read'] })],
  ])('is reported if the current definitions already %s', (_, asked, since) => {
    expect(replay(record(asked), since, since)).toMatchObject({ kind: undefined, changedSince: true })
  })

  it('is compared if its user exists on one side only', () => {
    const [known, gone] = [users, new Map()].map((side) => ({ snapshot: makeSnapshot(), users: side }))
    if (known === undefined || gone === undefined) throw new Error('two sides')
    expect(replayDecision(record(), { current: known, draft: gone })).toMatchObject({ kind: 'newly_denied' })
    expect(replayDecision(record(), { current: gone, draft: known })).toMatchObject({
      ...{ kind: 'newly_allowed', changedSince: true },
    })
  })
})

describe('a fact that the record lacks', () => {
  const needsProof = withRule({ effect: 'require', require: { dpop: true } })

  it('is not guessed: a proof for a request that was denied before it mattered', () => {
    // Bob was not assigned; over a connection for everyone, the proof decides.
    expect(replay(record(bob), { ...FOR_ALL, ...needsProof })).toEqual({
      state: 'indeterminate',
      missing: ['dpop'],
    })
    expect(replay(record(bob), FOR_ALL)).toMatchObject({ state: 'compared', kind: 'newly_allowed' })
  })

  it('is known if the request was granted, or denied because of it', () => {
    const proved = { dpop: { state: 'proved', jkt: 'thumb' } } as const
    expect(replay(record(proved), needsProof)).toMatchObject({ kind: undefined })
    expect(replay(record(), needsProof)).toMatchObject({ kind: 'newly_denied' })
    const refused = record({}, makeSnapshot(needsProof))
    expect(replay(refused, {}, needsProof)).toMatchObject({ kind: 'newly_allowed' })
  })

  it('includes details of a request that was denied before they were checked', () => {
    const suspended = withConnection({ status: 'draft' })
    const gone = { connections: DEFINITIONS.connections.slice(1) }
    expect(replay(record({}, makeSnapshot(gone)), {}, gone)).toEqual({
      state: 'indeterminate',
      missing: ['authorization_details'],
    })
    // Denied, but after the check: there were none.
    expect(replay(record({}, makeSnapshot(suspended)), {}, suspended)).toMatchObject({
      kind: 'newly_allowed',
    })
    const noTypes = { ...withResourceApp({ authorizationDetailsTypes: [] }), ...gone }
    const { connections: _, ...whole } = noTypes
    expect(replay(record({}, makeSnapshot(noTypes)), whole, noTypes)).toMatchObject({
      kind: 'newly_allowed',
    })
  })

  it('includes the count of the preceding hour, and an unrecorded address', () => {
    const volume = withRule({ effect: 'limit', limit: { perHour: 9 } })
    expect(replay(record(), volume)).toEqual({ state: 'indeterminate', missing: ['volume'] })
    const over = withRule({
      when: { 'volume.perHour.over': 3 },
      effect: 'require',
      require: { acr: ['mfa'] },
    })
    expect(replay(record(), over)).toEqual({ state: 'indeterminate', missing: ['volume'] })
    const reported = withRule({ effect: 'limit', limit: { perHour: 9 }, state: 'report-only' })
    expect(replay(record(), reported)).toMatchObject({ state: 'compared', kind: undefined })
    const network = withRule({ when: { network: '192.0.2.0/24' } })
    expect(replay(record(), network)).toEqual({ state: 'indeterminate', missing: ['rule_input'] })
  })
})

describe('the count of grants in the preceding hour', () => {
  const over = (count: number) => withRule({ when: { 'volume.perHour.over': count } })
  const atMost = (perHour: number) => withRule({ effect: 'limit', limit: { perHour } })

  it.each([
    ['a clause that used it', over(2)],
    ['a limit that used it', atMost(4)],
  ])('is known from %s', (_, current) => {
    const recorded = record({ volumeLastHour: 3 }, makeSnapshot(current))
    expect(replay(recorded, over(2), current)).toMatchObject({ draft: { outcome: 'deny' } })
    expect(replay(recorded, over(3), current)).toMatchObject({ draft: { outcome: 'allow' } })
    expect(replay(recorded, atMost(3), current)).toMatchObject({ draft: { code: 'XAA1904' } })
    expect(replay(recorded, atMost(4), current)).toMatchObject({ draft: { outcome: 'allow' } })
  })

  it('can be allowed by a draft after it reached a limit', () => {
    const recorded = record({ volumeLastHour: 3 }, makeSnapshot(atMost(3)))
    expect(recorded.code).toBe('XAA1904')
    expect(replay(recorded, atMost(4), atMost(3))).toMatchObject({
      current: { code: 'XAA1904' },
      draft: { outcome: 'allow' },
    })
  })
})

describe('a decision that no definition could change', () => {
  it.each([
    ['a token of another user', { subject: idTokenOf(alice, { aud: 'other' }) }, 'request-refused'],
    ['a refused client', { client: { state: 'refused', code: 'XAA1101', detail: 'x' } }, 'request-refused'],
    ['a refused form', { ask: { scope: 'a"b' } }, 'request-refused'],
  ])('is skipped: %s', (_, asked, why) => {
    expect(replay(record(asked as object), {})).toEqual({ state: 'skipped', why })
  })

  it('is skipped: a removed user', () => {
    const withoutUsers = { snapshot: makeSnapshot(), users: new Map() }
    expect(replayDecision(record(), { current: withoutUsers, draft: withoutUsers })).toEqual({
      state: 'skipped',
      why: 'user-gone',
    })
  })
})

it('collects counts, users, apps and examples of each kind', () => {
  const collector = createReplayCollector(2)
  const draft = withRule({ when: { user: 'alice' } })
  for (const asked of [{}, {}, {}, bob, { subject: idTokenOf(alice, { aud: 'other' }) }]) {
    const one = record(asked)
    collector.add(one, replay(one, draft))
  }
  collector.add(record(), replay(record(), withRule({ effect: 'limit', limit: { perHour: 9 } })))
  collector.add(record(), replay(record(), draft, draft))
  expect(collector.report()).toEqual({
    decisions: 7,
    unchanged: 2,
    groups: [
      {
        kind: 'newly_denied',
        decisions: 3,
        people: 1,
        apps: 1,
        examples: Array(2).fill(
          expect.objectContaining({
            ...{ app: 'agent0', user: 'alice', target: 'todo0' },
            ...{ from: 'allow todos.read todos.write', to: 'deny XAA1701' },
          }),
        ),
      },
    ],
    changedSince: 1,
    indeterminate: { decisions: 1, missing: { volume: 1 } },
    skipped: { decisions: 1, why: { 'request-refused': 1 } },
  })
})
