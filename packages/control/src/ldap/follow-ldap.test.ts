// When a failure to read a directory is recorded: once while it lasts, and again if it comes back.
import { type LoggedEvent, StorageFault } from '@crosswalk/as-core'
import { expect, it } from 'vitest'

import type { DirectoryDefinition } from '../config-file/directory-schema.ts'
import type { ProviderParts } from '../scim/scim-context.ts'
import { followLdap } from './follow-ldap.ts'

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
  // It also runs once by itself, at the start.
  expect(reported).toEqual([
    [fault, 'ldap:corp'],
    [fault, 'ldap:corp'],
  ])
})

it('records a failure once while it lasts, and again after a run that succeeded, and logs skipped entries', async () => {
  const recorded: unknown[] = []
  const logged: unknown[] = []
  let trouble: string | undefined
  let users: readonly { readonly dn: string }[] = []
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
    ...{ directories: [directory], admin },
    onProblem: (_, problems) => logged.push(...problems),
    onFault: () => undefined,
    read: async () => {
      if (trouble !== undefined) throw new Error(trouble)
      return { users, groups: [] }
    },
  })
  const [down, full] = ['down', 'full'].map((reason) => `the directory cannot be read: ${reason}`)
  for (const next of ['down', 'down', undefined, 'down', 'full', 'down']) {
    trouble = next
    await follower.run('corp')
  }
  expect(recorded).toEqual([down, down, full, down].map((reason) => ({ reason })))
  // It also runs once by itself, at the start.
  expect(logged.splice(0)).toEqual([down, down, down, down, full, down])
  // Skipped entries are problems of a run that succeeds.
  trouble = undefined
  users = Array.from({ length: 21 }, (_, at) => ({ dn: `cn=${at}` }))
  await follower.run('corp')
  expect(logged).toEqual(users.slice(1).map((_, at) => `cn=${at}: it has no entryUUID`))
  expect(recorded).toHaveLength(4)
  await follower.close()
})
