// Verifies that one event is in a log, without the log: recomputes the chain from the event to a sealed head. The texts of
// the events between them are not needed, only their hashes.
import { setImmediate as nextTurn } from 'node:timers/promises'

import type { InclusionProof } from '@crosswalk/admin-api'
import type { AuditEvent } from '@crosswalk/as-core'
import type { PublicJwk } from '@crosswalk/protocol'
import { hashText, linkHash } from '@crosswalk/storage'

import { createStatementReader } from './delivery/checkpoint-seal.ts'
import { NOT_AN_EVENT, readEventText } from './read-event-text.ts'
import { openReader } from './verify-copy.ts'

/** Computed per turn of the event loop: about 10 ms */
const SLICE_HASHES = 10_000

export type Inclusion =
  | {
      readonly ok: true
      readonly event: AuditEvent
      readonly sealed: { readonly seq: number; readonly time: string }
    }
  | { readonly ok: false; readonly why: string }

/**
 * @param publicJwk - the key of the log's checkpoints, from elsewhere than the proof
 * @throws CopyError for an unusable key
 */
export async function verifyInclusion(proof: InclusionProof, publicJwk: PublicJwk): Promise<Inclusion> {
  const sealed = openReader(publicJwk, createStatementReader)(proof.checkpoint)
  if (sealed === undefined) return refuse('its checkpoint is not signed by this key')
  const { log, chain, seq, text, following } = proof
  if (sealed.log !== log || sealed.chain !== chain) return refuse(`its checkpoint seals ${sealed.chain}`)
  const last = seq + following.length
  if (sealed.seq !== last)
    return refuse(`its checkpoint seals event ${sealed.seq}, and the proof ends at ${last}`)
  const head = await recompute(proof)
  if (sealed.hash !== head)
    return refuse('the hashes do not lead to its checkpoint: the event is not the recorded one')
  const event = readEventText(text)
  if (event === undefined) return refuse(NOT_AN_EVENT)
  return { ok: true, event, sealed: { seq: sealed.seq, time: sealed.time } }
}

/** @returns the hash of the last event */
async function recompute({ chain, seq, prevHash, text, following }: InclusionProof): Promise<string> {
  let hash = prevHash
  for (const [index, textHash] of [hashText(text), ...following].entries()) {
    if (index > 0 && index % SLICE_HASHES === 0) await nextTurn()
    hash = linkHash(hash, chain, seq + index, textHash)
  }
  return hash
}

function refuse(why: string): Inclusion {
  return { ok: false, why }
}
