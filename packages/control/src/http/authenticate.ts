// Authenticates callers of the admin API: the token from the configuration file may do everything, a token created here
// what its role allows. Both are compared as digests, in constant time.
import { digest, type Sealing, isSameText } from '@crosswalk/as-core'
import { dropUndefined } from '@crosswalk/protocol'

import type { TokenRecord } from '../definitions/records.ts'
import { type Caller, FILE_TOKEN } from './context.ts'

export interface Authentication {
  readonly adminToken: string
  findToken(id: string): TokenRecord | undefined
  /** Whether the token is still valid */
  isLive(token: TokenRecord): Promise<boolean>
  readonly sealing: Pick<Sealing, 'keyedDigest'>
}

/** The id is part of the token, so that it is looked up by key and compared once. */
const SCOPED_TOKEN = /^cwadm_([0-9a-f]{32})_[A-Za-z0-9_-]{44}$/

/** @returns the stored form of a token */
export function hashToken(sealing: Pick<Sealing, 'keyedDigest'>, token: string): string {
  return sealing.keyedDigest('admin-token', token)
}

export function renderScopedToken(id: string, secret: string): string {
  return `cwadm_${id.replace(/^tok_/, '')}_${secret}`
}

/** @returns the token of an `Authorization` header */
export function readBearer(header: string | null): string | undefined {
  return /^Bearer +(\S.{0,1023})$/i.exec(header ?? '')?.[1]
}

/** @returns undefined without a token, or if it is not valid */
export async function authenticate(
  header: string | null,
  parts: Authentication,
): Promise<Caller | undefined> {
  const token = readBearer(header)
  if (token === undefined) return undefined
  if (isSameText(digest(token), digest(parts.adminToken)))
    return { id: FILE_TOKEN, role: 'owner', hasFileToken: true }
  const id = SCOPED_TOKEN.exec(token)?.[1]
  const record = id === undefined ? undefined : parts.findToken(`tok_${id}`)
  if (record === undefined || !isSameText(hashToken(parts.sealing, token), record.hash)) return undefined
  if (!(await parts.isLive(record))) return undefined
  return {
    id: record.id,
    role: record.role,
    ...dropUndefined({ apps: record.apps, principal: record.principal }),
  }
}
