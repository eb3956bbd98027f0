// What a client learns from its list: only allowed paths, only after client and token were accepted.
import { zPolicy } from '@crosswalk/protocol'
import { expect, it } from 'vitest'

import {
  idTokenOf,
  makeFacts,
  makeSnapshot,
  NOTES_RESOURCE,
  NOW_SECONDS,
  TODO_RESOURCE,
  USERS,
  withConnection,
  withResourceApp,
} from '../testing/exchange-world.ts'
import { finishSteps } from '../finish-steps.ts'
import { stepReachable } from './list-reachable.ts'

type Facts = Parameters<typeof makeFacts>[0]

const alice = USERS.alice ?? expect.fail()
const dave = USERS.dave ?? expect.fail()

function list(facts: Facts = {}, snapshot = makeSnapshot()) {
  const answer = finishSteps(stepReachable(makeFacts(facts), snapshot))
  if (answer.state === 'refused') return answer
  return answer.items.map(({ app, user, resource, scopes, needsDpop, afterStepUp }) => ({
    ...{ path: [app, user, resource], scopes, needsDpop, afterStepUp },
  }))
}

const NOTES = { path: ['agent0', 'usr_alice', NOTES_RESOURCE], scopes: ['notes.read'] }
const TODOS = { path: ['agent0', 'usr_alice', TODO_RESOURCE], scopes: ['todos.read', 'todos.write'] }
const FREE = { needsDpop: false, afterStepUp: [] }

it('lists the paths of this app and this user', () => {
  expect(list()).toEqual([
    { ...NOTES, ...FREE },
    { ...TODOS, ...FREE },
  ])
  expect(
    list({ client: { state: 'authenticated', clientId: 'other', method: 'client_secret_basic' } }),
  ).toMatchObject({
    state: 'refused',
    code: 'XAA1203',
  })
})

it.each<readonly [string, Facts, object]>([
  [
    'a client with a wrong secret',
    { client: { state: 'refused', code: 'XAA1101', detail: 'wrong' } },
    { code: 'XAA1101', wire: { http: 401, error: 'invalid_client' } },
  ],
  ['too many requests', { retryAfterSeconds: 3 }, { code: 'XAA1904', wire: { http: 429, retry_after: 3 } }],
  [
    'an expired token',
    { subject: idTokenOf(alice, { exp: NOW_SECONDS - 30 }) },
    { code: 'XAA1202', wire: { http: 400, error: 'invalid_grant' } },
  ],
  ['a token of another kind', { subject: { kind: 'none' } }, { code: 'XAA1003', wire: { http: 400 } }],
])('refuses %s, and lists nothing', (_, facts, answer) => {
  expect(list(facts)).toMatchObject({ state: 'refused', ...answer })
})

it('lists nothing for a removed or inactive user', () => {
  expect(list({ user: undefined })).toEqual([])
  expect(list({ user: dave, subject: idTokenOf(dave) })).toEqual([])
})

it('lists what a proof of a key would allow, and says so', () => {
  const conditions = { dpop: 'required' }
  const snapshot = makeSnapshot(withConnection({ conditions }))
  const expected = [
    { ...NOTES, ...FREE },
    { ...TODOS, ...FREE, needsDpop: true },
  ]
  expect(list({}, snapshot)).toEqual(expected)
  expect(list({ dpop: { state: 'proved', jkt: 'thumb' } }, snapshot)).toEqual(expected)
})

it('says for each resource of a connection whether a proof is needed, also only after a step-up', () => {
  const other = 'https://todo.vendor.test/archive'
  const scopes = ['todos.read', 'todos.write']
  const world = {
    ...withResourceApp({ resources: [TODO_RESOURCE, other].map((id) => ({ id, scopes })) }),
    ...withConnection({ resources: [TODO_RESOURCE, other] }),
  }
  const needs = (...policies: readonly object[]) => {
    const compiled = policies.map((one, at) => zPolicy.parse({ id: `p${at}`, ...one }))
    const listed = list({}, makeSnapshot({ ...world, policies: compiled }))
    return Array.isArray(listed) ? listed.map(({ path, needsDpop }) => [path[2], needsDpop]) : listed
  }
  const expected = [
    [NOTES_RESOURCE, false],
    [other, true],
    [TODO_RESOURCE, false],
  ]
  expect(needs({ when: { resource: other }, effect: 'require', require: { dpop: true } })).toEqual(expected)
  const writing = { resource: other, scope: ['todos.write'] }
  expect(
    needs(
      { when: writing, effect: 'require', require: { acr: ['mfa'] } },
      { when: { ...writing, dpop: false }, effect: 'deny' },
    ),
  ).toEqual(expected)
})

it('lists the paths of an app that describes itself', () => {
  const id = 'https://app.test/client.json'
  const [app] = makeSnapshot().apps.values()
  const client = { state: 'authenticated', clientId: id, method: 'private_key_jwt' } as const
  const facts = { client, subject: idTokenOf(alice, { aud: id }), describedApp: app && { ...app, id } }
  expect(list(facts, makeSnapshot(withConnection({ app: id })))).toMatchObject([
    { path: [id, 'usr_alice', TODO_RESOURCE], scopes: ['todos.read', 'todos.write'] },
  ])
})

it('evaluates policies by sign-in, address and volume of the request', () => {
  const rule = (when: object, more: object = { effect: 'deny' }) =>
    makeSnapshot({
      policies: [zPolicy.parse({ id: 'p', when: { ...when, resourceApp: 'todo0' }, ...more })],
    })
  const subjectAt = (authTime: number, acr?: string) => ({
    subject: {
      ...idTokenOf(alice),
      session: { userId: 'usr_alice', authTime, amr: ['pwd'], ...(acr === undefined ? {} : { acr }) },
    },
  })
  const remote = rule({ network: '192.0.2.0/24' })
  expect(list({ ip: '192.0.2.7' }, remote)).toHaveLength(1)
  expect(list({ ip: '198.51.100.7' }, remote)).toHaveLength(2)
  const busy = rule({ 'volume.perHour.over': 5 })
  expect(list({ volumeLastHour: 6 }, busy)).toHaveLength(1)
  expect(list({ volumeLastHour: 5 }, busy)).toHaveLength(2)
  expect(list({}, busy)).toHaveLength(1)
  const strong = rule({}, { effect: 'require', require: { acr: ['mfa'], maxAuthAgeSeconds: 60 } })
  expect(list(subjectAt(NOW_SECONDS - 60, 'mfa'), strong)).toMatchObject([NOTES, { ...TODOS, ...FREE }])
  expect(list(subjectAt(NOW_SECONDS - 61, 'mfa'), strong)).toMatchObject([
    NOTES,
    { scopes: [], needsDpop: false },
  ])
  expect(list(subjectAt(NOW_SECONDS - 60), strong)).toMatchObject([NOTES, { scopes: [] }])
})

function listWith(count: number) {
  const ids = Array.from({ length: count }, (_, at) => `https://todo0.test/${at}`)
  const resources = ids.map((id) => ({ id, scopes: ['todos.read', 'todos.write'] }))
  const world = makeSnapshot({
    ...withResourceApp({ resources }),
    connections: (withConnection({ resources: ids }).connections ?? []).filter(
      ({ resourceApp }) => resourceApp === 'todo0',
    ),
  })
  const answer = finishSteps(stepReachable(makeFacts(), world))
  return answer.state === 'listed' ? [answer.items.length, answer.complete] : answer
}

it('calls a list of reachable resources complete only if nothing was cut off', () => {
  expect(listWith(500)).toEqual([500, true])
  expect(listWith(501)).toEqual([500, false])
})
