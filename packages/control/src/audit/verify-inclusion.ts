// Verifies that one event is in a log, without the log: recomputes the chain from the event to a sealed head. The texts of
// the events between them are not needed, only their hashes.
import { type AuditEvent, parseEventText } from '@crosswalk/as-core'
import type { InclusionProof } from '@crosswalk/admin-api'
import { hashText, linkHash } from '@crosswalk/storage'

import type { PublicJwk } from '@crosswalk/protocol'

import { openReader } from './verify-copy.ts'

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
export function verifyInclusion(proof: InclusionProof, publicJwk: PublicJwk): Inclusion {
  const sealed = openReader(publicJwk)(proof.checkpoint)
  if (sealed === undefined) return refuse('its checkpoint is not signed by this key')
  const { log, chain, seq, prevHash, text, following } = proof
  if (sealed.log !== log || sealed.chain !== chain) return refuse(`its checkpoint seals ${sealed.chain}`)
  const last = seq + following.length
  if (sealed.seq !== last)
    return refuse(`its checkpoint seals event ${sealed.seq}, and the proof ends at ${last}`)
  const head = [hashText(text), ...following].reduce(
    (before, textHash, index) => linkHash(before, chain, seq + index, textHash),
    prevHash,
  )
  if (sealed.hash !== head)
    return refuse('the hashes do not lead to its checkpoint: the event is not the recorded one')
  return { ok: true, event: parseEventText(text), sealed: { seq: sealed.seq, time: sealed.time } }
}

function refuse(why: string): Inclusion {
  return { ok: false, why }
}
