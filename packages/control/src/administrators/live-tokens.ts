// Which tokens of the admin API are live: a token is while its creator could still create it. A user who is suspended, or has
// lost the role, must not keep access through a token, nor a revoked token through one that it created.
import { ALLOWED, isAbove, type Role } from '@crosswalk/admin-api'
import { findSignInBlock } from '@crosswalk/policy'

import { findRole } from '../definitions/find-role.ts'
import type { TokenRecord } from '../definitions/records.ts'
import type { Parts } from '../parts.ts'

type LiveParts = Parts<'configuration' | 'directory' | 'clock'>

/** @returns undefined for an unknown token, and for one that is not live */
export function findLiveToken(parts: LiveParts, id: string): TokenRecord | undefined {
  const record = parts.directory.current().world.tokens.get(id)
  return record !== undefined && isLive(parts, record) ? record : undefined
}

export function isLive(parts: LiveParts, record: TokenRecord): boolean {
  if (record.expiresAt !== undefined && Date.parse(record.expiresAt) <= parts.clock.nowMs()) return false
  // Created with the token of the configuration file.
  if (record.principal === undefined) return true
  const role = findRoleOfCreator(parts, record.createdBy)
  return role !== undefined && ALLOWED.manageTokens.some((it) => it === role) && !isAbove(record.role, role)
}

function findRoleOfCreator(parts: LiveParts, id: string): Role | undefined {
  const { world, people } = parts.directory.current()
  const token = world.tokens.get(id)
  if (token !== undefined) return isLive(parts, token) ? token.role : undefined
  const question = { now: parts.clock.nowMs() / 1000, userId: id, appId: undefined }
  if (findSignInBlock([...world.blocks.values()], question) !== undefined) return undefined
  return findRole(parts.configuration.admin?.roles ?? {}, people.get(id))?.role
}
