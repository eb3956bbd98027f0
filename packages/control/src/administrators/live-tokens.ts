// Which admin API tokens are live: a token is live while its creator could still create it. A user who was suspended or
// lost the role must not keep access through a token, nor a revoked token through a token it created.
import { ALLOWED, isAbove, type Role } from '@crosswalk/admin-api'

import { findRole } from '../definitions/find-role.ts'
import type { TokenRecord, World } from '../definitions/records.ts'
import type { Parts } from '../parts.ts'
import { findUnblockedUser } from './find-unblocked-user.ts'

type LiveParts = Parts<'configuration' | 'directory' | 'clock'>

/** @returns the token, without apps that were registered later with the id of one that it was created for */
export function findToken(
  { tokens, apps }: Pick<World, 'tokens' | 'apps'>,
  id: string,
): TokenRecord | undefined {
  const record = tokens.get(id)
  if (record?.apps === undefined) return record
  const createdAt = Date.parse(record.createdAt) / 1000
  const isSame = (app: string) => (apps.get(app)?.definition.registeredAt ?? 0) <= createdAt
  return { ...record, apps: record.apps.filter(isSame) }
}

export async function isLive(parts: LiveParts, record: TokenRecord): Promise<boolean> {
  if (record.expiresAt !== undefined && Date.parse(record.expiresAt) <= parts.clock.nowMs()) return false
  // Created with the token from the configuration file.
  if (record.principal === undefined) return true
  const role = await findRoleOfCreator(parts, record.createdBy)
  return role !== undefined && ALLOWED.manageTokens.some((it) => it === role) && !isAbove(record.role, role)
}

async function findRoleOfCreator(parts: LiveParts, id: string): Promise<Role | undefined> {
  const token = parts.directory.current().world.tokens.get(id)
  if (token !== undefined) return (await isLive(parts, token)) ? token.role : undefined
  return findRole(parts.configuration.admin?.roles ?? {}, await findUnblockedUser(parts, id))?.role
}
