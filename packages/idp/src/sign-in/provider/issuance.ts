// Collects what the provider library writes for a token request, so that the caller commits it together with the record
// of the decision. If the database fails in between, the code or refresh token still works.
import { AsyncLocalStorage } from 'node:async_hooks'

import { replayKeyDigest } from '@crosswalk/as-core'

import type { Issuance, TokenFamily } from '../contract.ts'

/** Kinds of single-use records, by model */
const USED_ONCE = {
  AuthorizationCode: 'authorization-code',
  RefreshToken: 'refresh-token',
} as const

/** More than the clocks of this process and of the database differ */
const KEPT_SECONDS = 600

type Payload = Readonly<Record<string, unknown>>

interface Collecting extends Issuance {
  readonly saved: Issuance['saved'][number][]
  readonly consumed: Issuance['consumed'][number][]
  readonly replayKeys: Issuance['replayKeys'][number][]
  userId?: string
  family?: TokenFamily
}

const collecting = new AsyncLocalStorage<Collecting>()

/** Runs a token request of the library. @returns its result, and what has to be written for it */
export async function collectIssuance<T>(work: () => Promise<T>): Promise<{ result: T; issuance: Issuance }> {
  const issuance: Collecting = { saved: [], consumed: [], replayKeys: [] }
  const result = await collecting.run(issuance, work)
  return { result, issuance }
}

/** @returns false outside a token request, where nothing is collected */
export function collectSaved(record: Issuance['saved'][number]): boolean {
  const issuance = collecting.getStore()
  issuance?.saved.push(record)
  const { accountId } = record.payload
  if (issuance !== undefined && typeof accountId === 'string') issuance.userId = accountId
  return issuance !== undefined
}

/** Notes the code or refresh token that a token request presents. */
export function collectPresented(payload: Payload): void {
  const issuance = collecting.getStore()
  const family = readFamily(payload)
  if (issuance !== undefined && family !== undefined) issuance.family = family
}

/** @param payload - of a code or refresh token */
export function readFamily({ grantId, accountId, clientId, sid }: Payload): TokenFamily | undefined {
  if (typeof grantId !== 'string' || typeof accountId !== 'string' || typeof clientId !== 'string')
    return undefined
  return { grantId, userId: accountId, clientId, ...(typeof sid === 'string' ? { sid } : {}) }
}

/** @returns the family of the code or refresh token that the current token request presents */
export function findPresented(): TokenFamily | undefined {
  return collecting.getStore()?.family
}

/** Whether records of this model are used by token requests only. */
export function isCollected(model: string): model is keyof typeof USED_ONCE {
  return Object.hasOwn(USED_ONCE, model)
}

/** @param payload - the record now. @returns false if it was revoked since the library read it */
export function collectConsumed(
  { model, id, at }: Issuance['consumed'][number],
  payload: Payload | undefined,
): boolean {
  const issuance = collecting.getStore()
  if (issuance === undefined)
    throw new TypeError('a code or refresh token is used outside of a token request')
  if (payload === undefined || !isCollected(model)) return false
  const { exp } = payload
  const kind = USED_ONCE[model]
  issuance.consumed.push({ model, id, at })
  // The key outlives the record, so that a request that read the record before it was consumed is always refused.
  const expiresAt = Number(exp) + KEPT_SECONDS
  issuance.replayKeys.push({ kind, key: replayKeyDigest(kind, id, model), expiresAt })
  return true
}
