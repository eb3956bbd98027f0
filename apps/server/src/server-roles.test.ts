// Changes of definitions arrive while a server is still being created: the servers that run are those of the newest.
import { setTimeout } from 'node:timers/promises'

import { createSealing, type StoredKey } from '@crosswalk/as-core'
import { expect, it } from 'vitest'

import { followServers } from './server-roles.ts'

it('runs the servers of the newest definitions, even if one of an earlier change takes longer to create', async () => {
  let redemption = new Map<string, { issuer: string }>()
  const define = (...ids: string[]) => {
    redemption = new Map(ids.map((id) => [id, { issuer: `https://${id}.test` }]))
  }
  const keyStore = {
    list: async (): Promise<StoredKey[]> => [],
    readTimeMs: async () => 0,
    async replace(owner: string) {
      if (owner === 'as:slow') await setTimeout(50)
      return true
    },
  }
  const clock = { nowMs: () => 0 }
  const directory = {
    current: () => ({ redemption, world: { 'authorization-servers': new Map() } }),
  }
  const ports = { clock, keyStore, sealing: createSealing(new Uint8Array(32)) }
  const servers = await followServers({ storage: {}, directory, ports, settings: {} } as never)
  define('slow')
  const first = servers.follow()
  define('newest')
  const second = servers.follow()
  await Promise.all([first, second])
  expect(servers.current().map(({ name }) => name)).toEqual(['as:newest'])
})
