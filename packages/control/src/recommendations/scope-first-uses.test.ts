// First uses over a log in memory: the look-back at both edges, and that repeated reads examine only new entries.
import type { Activity, GrantedScopes } from '@crosswalk/storage'
import { expect, it } from 'vitest'
import { DAY_MS } from '@crosswalk/protocol'

import { createScopeFirstUses } from './scope-first-uses.ts'

const NOW = Date.parse('2026-06-15T12:00:00.000Z')
const grant = (days: number, ...scopes: string[]): GrantedScopes => ({
  ...{ connection: 'con', app: 'agent', at: NOW - days * DAY_MS, scopes, decisionId: undefined },
})

function logOf(...grants: readonly GrantedScopes[]) {
  const log = [...grants]
  const reads: number[] = []
  return {
    log,
    reads,
    async listGranted({ since, until, connection, most }: Parameters<Activity['listGranted']>[0]) {
      reads.push(most)
      return log
        .filter(
          (one) => one.at >= since && one.at < until && (connection ?? one.connection) === one.connection,
        )
        .sort((one, other) => other.at - one.at)
        .slice(0, most)
    },
  }
}

const firsts = async (...grants: readonly GrantedScopes[]) =>
  (await createScopeFirstUses(logOf(...grants)).read(NOW)).map(({ scope }) => scope)

it('is a scope that was not granted for 90 days, over a connection in use for 7', async () => {
  expect(await firsts(grant(90, 'read'), grant(20, 'other'), grant(0, 'read'))).toEqual([])
  expect(await firsts(grant(90.001, 'read'), grant(20, 'other'), grant(0, 'read'))).toEqual(['read'])
  expect(await firsts(grant(7, 'read'), grant(0, 'read', 'write'))).toEqual([])
  expect(await firsts(grant(7.001, 'read'), grant(0, 'read', 'write'))).toEqual(['write'])
  expect(await firsts(grant(8.1, 'read'), grant(1, 'write'))).toEqual([])
  expect(await firsts(grant(8.1, 'read'), grant(0.999, 'write'))).toEqual(['write'])
})

it('looks further back if the newest grants lack it', async () => {
  const many = Array.from({ length: 60 }, (_, index) => grant(2 + index / 100, 'read'))
  expect(await firsts(grant(30, 'write'), ...many, grant(0, 'write'))).toEqual([])
})

it('remembers findings while they are recommendations, and looks nothing up twice', async () => {
  const log = logOf(grant(30, 'read'), grant(0.5, 'write'))
  const uses = createScopeFirstUses(log)
  expect(await uses.read(NOW)).toHaveLength(1)
  log.reads.length = 0
  log.log.push({ ...grant(0, 'write'), at: NOW + 1000 })
  expect(await uses.read(NOW + 2000)).toHaveLength(1)
  expect(log.reads).toEqual([1000])
  expect(await uses.read(NOW + 0.6 * DAY_MS)).toEqual([])
})

it('looks up all scopes of a grant together, with as many reads as for one', async () => {
  const readsFor = async (...scopes: string[]) => {
    const log = logOf(grant(30, 'read', 'write'), grant(20, 'other'), grant(0, ...scopes))
    expect(await createScopeFirstUses(log).read(NOW)).toEqual([])
    return log.reads
  }
  expect(await readsFor('read', 'write')).toEqual(await readsFor('read'))
  expect(await readsFor('read')).toEqual([1000, 1, 20])
})
