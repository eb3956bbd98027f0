// What a Crosswalk recorded of a decision, read with a token of its admin API.
import { createCheckingClient } from '@crosswalk/admin-api'
import type { DecisionRecord } from '@crosswalk/protocol'

import type { GuardedSender } from '../http/guarded-sender.ts'
import { toFetch } from '../http/sender-fetch.ts'

/** Where decision records are read, and by which token. */
export interface Oversight {
  readonly url: string
  readonly token: string
}

/** @returns the code of a decision, as a trial of a fault asks for it */
export async function readCode(
  sender: GuardedSender,
  oversight: Oversight | undefined,
  id: string,
): Promise<string | undefined> {
  return (await readRecord(sender, oversight, id))?.code
}

/** Records of a decision are at the server that made it; the other one knows nothing of it, which is no failure. */
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
