// When directories are read, and when a failure to read one is recorded: once while it lasts, and again if it comes back.
import { setImmediate as nextTurn } from 'node:timers/promises'

import { type LoggedEvent, StorageFault } from '@crosswalk/as-core'
import { expect, it, vi } from 'vitest'

import type { DirectoryDefinition } from '../config-file/directory-schema.ts'
import type { ProviderParts } from '../scim/scim-context.ts'
import { followLdap } from './follow-ldap.ts'
import type { readLdap } from './read-ldap.ts'

const directory = {
  ...{ id: 'corp', emailDomains: [], groupPrefix: '' },
  ldap: {
    ...{ kind: 'openldap', users: { base: 'dc=test', attributes: {} } },
    ...{ intervalSeconds: 86_400, maxVanishedPercent: 20 },
  },
} as unknown as DirectoryDefinition

it('reports a fault of the database as a fault, after which live tokens are checked', async () => {
  const fault = new StorageFault('full', new Error('no space left'))
  const reported: unknown[] = []
  const admin = {
    storage: { objects: { revision: () => Promise.reject(fault) } },
  } as unknown as ProviderParts
  const follower = followLdap({
    ...{ directories: [directory], admin },
    onProblem: (_, problems) => reported.push(...problems),
    onFault: (...of) => reported.push(of),
    read: () => expect.unreachable(),
  })
  await expect(follower.run('corp')).rejects.toBe(fault)
  await follower.close()
  expect(reported).toEqual([[fault, 'ldap:corp']])
})

/** @param read - @returns a follower that reads by it, and what it records and logs */
function follow(read: typeof readLdap) {
  const recorded: unknown[] = []
  const logged: unknown[] = []
  const items = { find: async () => new Map(), findIds: async () => [] }
  const admin = {
    directory: {
      current: () => ({ world: { groups: new Map() }, users: { items } }),
      catchUp: async () => undefined,
    },
    storage: {
      objects: { revision: async () => 0 },
      ledger: { commit: async ({ event }: LoggedEvent) => recorded.push(event.change) },
    },
    clock: { nowMs: () => 1_800_000_000_000 },
  } as unknown as ProviderParts
  const follower = followLdap({
    ...{ directories: [directory], admin, read },
    onProblem: (_, problems) => logged.push(...problems),
    onFault: () => undefined,
  })
  return { follower, recorded, logged }
}

it('records a failure once while it lasts, and again after a run that succeeded, and logs skipped entries', async () => {
  let trouble: string | undefined
  let users: readonly { readonly dn: string }[] = []
  const { follower, recorded, logged } = follow(async () => {
    if (trouble !== undefined) throw new Error(trouble)
    return { users, groups: [] }
  })
  const [down, full] = ['down', 'full'].map((reason) => `the directory cannot be read: ${reason}`)
  for (const next of ['down', 'down', undefined, 'down', 'full', 'down']) {
    trouble = next
    await follower.run('corp')
  }
  expect(recorded).toEqual([down, down, full, down].map((reason) => ({ reason })))
  expect(logged.splice(0)).toEqual([down, down, down, full, down])
  // Skipped entries are problems of a run that succeeds.
  trouble = undefined
  users = Array.from({ length: 21 }, (_, at) => ({ dn: `cn=${at}` }))
  await follower.run('corp')
  expect(logged).toEqual(users.slice(1).map((_, at) => `cn=${at}: it has no entryUUID`))
  expect(recorded).toHaveLength(4)
  await follower.close()
})

it('records at most 300 characters of what a directory says, in one line, without controls of text direction', async () => {
  const { follower, recorded } = follow(async () => {
    throw new Error(`no\n\u001b[2J\u202e${'x'.repeat(100_000)}`)
  })
  await follower.run('corp')
  expect(recorded).toEqual([{ reason: `the directory cannot be read: no [2J${'x'.repeat(294)}` }])
  await follower.close()
})

it('has one run wait for the one in progress, however many are due', async () => {
  let reads = 0
  const gate = Promise.withResolvers<never>()
  const { follower } = follow(async () => {
    reads += 1
    return gate.promise
  })
  while (reads === 0) await new Promise((resolve) => setTimeout(resolve, 1))
  const due = Array.from({ length: 20 }, () => follower.run('corp'))
  gate.reject(new Error('slow'))
  await Promise.all(due)
  expect(reads).toBe(2)
  await follower.close()
})

it('ends a run in progress when the server stops, and records nothing about it', async () => {
  const { follower, recorded, logged } = follow(
    (_, { signal } = {}) =>
      new Promise((_resolve, reject) => signal?.addEventListener('abort', () => reject(signal.reason))),
  )
  const run = follower.run('corp')
  await new Promise((resolve) => setTimeout(resolve, 1))
  await follower.close()
  expect(await run).toMatchObject({ refused: 'the directory cannot be read: the server stops' })
  expect([recorded, logged]).toEqual([[], []])
})

it('reads each LDAP directory at the start and at its interval until it is closed, and no other directory', async () => {
  const { ldap: _, ...other } = { ...directory, id: 'okta' }
  const admin = { storage: { objects: { revision: async () => 0 } } } as unknown as ProviderParts
  let reads = 0
  const faults: unknown[] = []
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
  try {
    const follower = followLdap({
      ...{ directories: [other, directory], admin },
      onProblem: () => undefined,
      onFault: (fault) => faults.push(fault),
      read: () => {
        reads += 1
        return Promise.reject(new StorageFault('busy', new Error('stop here')))
      },
    })
    expect(await follower.run('okta')).toBeUndefined()
    await expect.poll(() => reads).toBe(1)
    vi.advanceTimersByTime(86_399_999)
    await nextTurn()
    expect(reads).toBe(1)
    vi.advanceTimersByTime(1)
    await expect.poll(() => reads).toBe(2)
    await follower.close()
    vi.advanceTimersByTime(2 * 86_400_000)
    await nextTurn()
    expect([reads, faults.length]).toEqual([2, 2])
  } finally {
    vi.useRealTimers()
  }
})
