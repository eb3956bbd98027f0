// The accounts of one user at services without ID-JAG support: those that can be connected, and those that are.
import type { OwnAccess, OwnAccount } from '@crosswalk/idp'
import { mayUse } from '@crosswalk/policy'

import { definitionsOf } from '../definitions/records.ts'
import type { Parts } from '../parts.ts'
import type { VaultPart } from '../vault/vault.ts'
import { isPerUser } from '../vault/vault-parts.ts'
import { actFor } from './act-for.ts'

type OwnAccounts = Pick<OwnAccess, 'listAccounts' | 'connect' | 'finishConnect' | 'storeKey' | 'disconnect'>

const LONGEST_KEY = 8192

export function createOwnAccounts(parts: Parts<'directory'> & VaultPart): OwnAccounts {
  const { vault } = parts
  return {
    listAccounts: (userId) => listAccounts(parts, userId),
    connect: (userId, about) => vault.begin({ userId, ...about }),
    finishConnect: (userId, returned, source) =>
      vault.complete(actFor(userId, source), { userId, ...returned }),
    async storeKey(userId, { resourceApp, key }, source) {
      const accounts = await listAccounts(parts, userId)
      const takesKey = accounts.some((it) => it.resourceApp === resourceApp && it.kind === 'apiKey')
      if (!takesKey) return 'unknown'
      if (key === '' || key.length > LONGEST_KEY) return 'not-connected'
      const stored = await vault.store(actFor(userId, source), { resourceApp, userId, secret: key })
      return typeof stored === 'string' ? 'not-connected' : undefined
    },
    async disconnect(userId, resourceApp, source) {
      const count = await vault.revoke(actFor(userId, source), { resourceApp, userId })
      return count === 0 ? 'unknown' : undefined
    },
  }
}

async function listAccounts(
  { directory, vault }: Parts<'directory'> & VaultPart,
  userId: string,
): Promise<readonly OwnAccount[]> {
  const { world, users } = directory.current()
  const user = await users.findById(userId)
  const held = await vault.list({ userId })
  return definitionsOf(world['resource-apps'])
    .flatMap((app) => {
      if (app.brokered === undefined || !isPerUser(app.brokered)) return []
      const { kind } = app.brokered.credential
      const stored = held.find((it) => it.resourceApp === app.id && it.kind === kind)
      // Stored credentials can always be revoked, even if the service can no longer be connected.
      if (stored === undefined && (user === undefined || !mayUse(user, app))) return []
      const { storedAt, usedAt } = stored ?? {}
      return [{ resourceApp: app.id, name: app.name, kind, storedAt, usedAt }]
    })
    .sort((one, other) => one.name.localeCompare(other.name))
}
