// Two nodes of the control plane on one database, each with its own directory, for tests of what they do at the same
// time. Whatever a use case revokes or reports outside the database does nothing.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { createSealing, createSecretHasher } from '@crosswalk/as-core'
import { openStorage, type Storage } from '@crosswalk/storage'
import { onTestFinished } from 'vitest'

import { parseConfiguration } from '../config-file/load-configuration.ts'
import { createDirectory } from '../definitions/directory.ts'
import type { Parts } from '../parts.ts'
import type { ProviderParts } from '../scim/scim-context.ts'

type NodeParts = ProviderParts & Parts<'sealing'>

export interface TestNode {
  readonly storage: Storage
  readonly parts: NodeParts
}

/** @param idp - its part of the configuration file @param database - URL of an empty one; default: a file */
export async function openNodes(
  idp: object,
  nowMs = 0,
  database?: string,
): Promise<readonly [TestNode, TestNode]> {
  const folder = await mkdtemp(join(tmpdir(), 'nodes-'))
  const url = database ?? `sqlite:${join(folder, 'test.db')}`
  const one = await openNode(url, idp, nowMs)
  const other = await openNode(url, idp, nowMs)
  onTestFinished(async () => {
    await one.stop()
    await other.stop()
    await rm(folder, { recursive: true })
  })
  return [one, other]
}

async function openNode(url: string, idp: object, nowMs: number) {
  const storage = await openStorage(url)
  const file = { baseUrl: 'http://127.0.0.1:4000', database: 'sqlite::memory:', idp }
  const { configuration } = parseConfiguration(JSON.stringify(file), 'test.json', {})
  if (configuration === undefined) throw new Error('the configuration is not valid')
  const sealing = createSealing(new Uint8Array(32))
  const hasher = createSecretHasher(sealing)
  const clock = { nowMs: () => nowMs }
  const directory = await createDirectory({
    ...{ configuration, objects: storage.objects, hasher, sealing, clock, onFault: () => undefined },
  })
  const none = async () => 0
  const parts = {
    ...{ configuration, directory, storage, hasher, sealing, clock },
    signals: { buildEvents: () => [], buildEventsOfChanges: async () => [] },
    vault: { revoke: none },
    revoker: {
      ...{ endSessions: none, revokeUser: none, revokeUnassigned: none },
      ...{ revokeConnection: none, revokeUserOf: none },
    },
    inTurn: directory.judgeAndWrite,
  } as unknown as NodeParts
  const stop = async () => {
    directory.close()
    await storage.close()
  }
  return { storage, parts, stop }
}
