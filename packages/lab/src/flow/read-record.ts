// Reads a decision recorded by a Crosswalk, with a token of its admin API.
import { createCheckingClient } from '@crosswalk/admin-api'
import type { DecisionRecord } from '@crosswalk/protocol'

import type { GuardedSender } from '../http/guarded-sender.ts'
import { toFetch } from '../http/sender-fetch.ts'

/** Where to read decision records, and the token for it. */
export interface Oversight {
  readonly url: string
  readonly token: string
}

/** @returns the code of a decision, in the form that `tryFault` expects */
export async function readCode(
  sender: GuardedSender,
  oversight: Oversight | undefined,
  id: string,
): Promise<string | undefined> {
  return (await readRecord(sender, oversight, id))?.code
}

/** A decision is recorded only at the server that made it; a missing record is not an error. */
export async function readRecord(
  sender: GuardedSender,
  oversight: Oversight | undefined,
  id: string | undefined,
): Promise<DecisionRecord | undefined> {
  if (oversight === undefined || id === undefined) return undefined
  const { url, token } = oversight
  const client = createCheckingClient({ baseUrl: url, token, fetch: toFetch(sender) })
  try {
    return (await client.call('decisions.read', { params: { id } })).body
  } catch {
    return undefined
  }
}
