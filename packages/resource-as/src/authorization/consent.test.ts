import { createSealing } from '@crosswalk/as-core'
import { compileRedemptionSnapshot } from '@crosswalk/policy'
import { type Granted, zAuthorizationServer } from '@crosswalk/protocol'
import { expect, it } from 'vitest'

import type { Consent, Consents } from '../ports.ts'
import { openForm, sealForm } from './consent-form.ts'
import { isConsented, listAsked, rememberConsent } from './consent.ts'

const [TODO, NOTES] = ['https://todo.test/api', 'https://notes.test/api']
const snapshot = compileRedemptionSnapshot(
  1,
  { issuer: 'https://as.test', clockSkewSeconds: 30 },
  zAuthorizationServer.parse({
    id: 'main',
    resources: [
      { id: TODO, scopes: ['todos.read', 'todos.write'] },
      { id: NOTES, scopes: ['notes.read'] },
    ],
  }),
)

function open() {
  const kept = new Map<string, Consent>()
  const consents: Consents = {
    find: async (...about) => kept.get(about.join(' ')),
    remember: async (server, account, client, consent) =>
      void kept.set([server, account, client].join(' '), consent),
  }
  const about = (resource: string, scope: readonly string[], accountId = 'acc-1', client = 'agent0') => ({
    ...{ consents, snapshot, accountId },
    granted: { client_id: client, resource: [resource], scope } as unknown as Granted,
  })
  return { about }
}

it('consent adds to what the user allowed the same app before', async () => {
  const { about } = open()
  await rememberConsent(about(TODO, ['todos.read']))
  await rememberConsent(about(NOTES, ['notes.read']))
  await rememberConsent(about(TODO, ['todos.write']))
  expect(await isConsented(about(TODO, ['todos.read', 'todos.write']))).toBe(true)
  expect(await isConsented(about(NOTES, ['notes.read']))).toBe(true)
})

it('consent to two resources at once covers each, with the scopes that it defines', async () => {
  const { about } = open()
  const scope = ['todos.read', 'notes.read']
  const both = { ...about(TODO, scope), granted: { ...about(TODO, scope).granted, resource: [TODO, NOTES] } }
  expect(listAsked(both.granted, snapshot)).toEqual({ [TODO]: ['todos.read'], [NOTES]: ['notes.read'] })
  await rememberConsent(about(TODO, ['todos.read']))
  expect(await isConsented(both)).toBe(false)
  await rememberConsent(about(NOTES, ['notes.read']))
  expect(await isConsented(both)).toBe(true)
})

it.each([
  ['another scope', TODO, ['todos.read', 'todos.write'], 'acc-1', 'agent0'],
  ['another resource', NOTES, ['notes.read'], 'acc-1', 'agent0'],
  ['another resource without scopes', NOTES, [], 'acc-1', 'agent0'],
  ['another user', TODO, ['todos.read'], 'acc-2', 'agent0'],
  ['another app', TODO, ['todos.read'], 'acc-1', 'other'],
])('consent covers no %s', async (_, resource, scope, account, client) => {
  const { about } = open()
  await rememberConsent(about(TODO, ['todos.read']))
  expect(await isConsented(about(TODO, ['todos.read']))).toBe(true)
  expect(await isConsented(about(resource, scope, account, client))).toBe(false)
})

it.each([
  ['opens', 599_999, 'allow', { query: 'q=1', accountId: 'acc-1', allowed: true }],
  ['opens', 0, 'deny', { query: 'q=1', accountId: 'acc-1', allowed: false }],
  ['is too old', 600_000, 'allow', undefined],
  ['has no decision', 0, 'maybe', undefined],
])('a consent form %s after %d ms with %s', (_, laterMs, decision, opened) => {
  let nowMs = 1_800_000_000_000
  const parts = {
    ...{ sealing: createSealing(new Uint8Array(32)), snapshot: () => snapshot },
    clock: { nowMs: () => nowMs },
  }
  const request = sealForm({ query: 'q=1', accountId: 'acc-1' }, parts)
  nowMs += laterMs
  const values: Readonly<Record<string, string>> = { request, decision }
  const form = { get: (name: string) => values[name], all: () => [], repeated: [], raw: '' }
  if (opened === undefined) expect(openForm(form, parts)).toBeUndefined()
  else expect(openForm(form, parts)).toMatchObject(opened)
})
