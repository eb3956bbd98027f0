// Proves one event of a log to a third party, who can verify the proof without the log and learns nothing else from it.
// Recorded, because it hands out an event.
import { type InclusionProof, MAX_FOLLOWING } from '@crosswalk/admin-api'
import { hashText, type RecordedEvent } from '@crosswalk/storage'

import type { Handlers } from '../http/context.ts'
import { buildProblem, conflict, isProblem, notFound, type Problem } from '../http/problem.ts'
import type { Parts } from '../parts.ts'
import { recordAdminEvent } from './change-event.ts'
import type { AuditKeeperPart } from './delivery/audit-keeper.ts'
import { findEventAt } from './find-event.ts'
import { createSingleFlight } from './single-flight.ts'
import { verifyInclusion } from './verify-inclusion.ts'

type ProofParts = Parts<'storage' | 'clock'> & AuditKeeperPart

export function createInclusionProofHandlers(parts: ProofParts): Pick<Handlers, 'audit.prove'> {
  const proofs = createSingleFlight<InclusionProof | Problem>()
  return {
    async 'audit.prove'({ query: { event: reference } }, context) {
      const event = await findEvent(parts, reference)
      if (event === undefined) return notFound(`There is no event ${reference} in the logs.`)
      const proof = await proofs.run(event.hash, context.signal, (signal) => prove(parts, event, signal))
      if (proof === undefined) return BUSY
      if (isProblem(proof)) return proof
      const { chain, seq } = event
      await recordAdminEvent(parts, context, {
        type: 'audit.proven',
        category: 'audit',
        target: { kind: 'audit_event', id: `${chain}#${seq}` },
      })
      return { status: 200, body: proof }
    },
  }
}

const BUSY = buildProblem('busy', {
  detail: 'Another proof is being made.',
  headers: { 'retry-after': '1' },
})

/** @param reference - CHAIN#NUMBER, or the id of a decision */
async function findEvent(
  { storage: { events } }: Parts<'storage'>,
  reference: string,
): Promise<RecordedEvent | undefined> {
  const [, chain, number] = /^(.+)#(\d{1,15})$/.exec(reference) ?? []
  if (chain === undefined) {
    const related = await events.findByDecision(reference)
    return related.find(({ event }) => event.decision !== undefined)
  }
  return findEventAt(events, { chain, seq: Number(number) })
}

async function prove(
  parts: ProofParts,
  event: RecordedEvent,
  signal: AbortSignal,
): Promise<InclusionProof | Problem> {
  const { log, chain, seq, prevHash, body } = event
  const checkpoint = await findCheckpoint(parts, event)
  if (checkpoint === undefined)
    return conflict(
      `No checkpoint seals ${chain} up to event ${seq}. \`npx crosswalk audit verify\` says why.`,
    )
  if (checkpoint.seq - seq > MAX_FOLLOWING)
    return buildProblem('too-much', {
      detail: `The next checkpoint is ${checkpoint.seq - seq} events later, and a proof has at most ${MAX_FOLLOWING}. Export the log instead.`,
    })
  const following = await readTextHashes(parts, event, { upTo: checkpoint.seq, signal })
  const schema = 'crosswalk.inclusion-proof/v1' as const
  const proof = { schema, log, chain, seq, prevHash, text: body, following, checkpoint: checkpoint.statement }
  const verified = await verifyInclusion(proof, parts.auditKeeper.seal.publicJwk)
  return verified.ok
    ? proof
    : conflict(
        `Event ${seq} of ${chain} cannot be proven: ${verified.why}. Run \`npx crosswalk audit verify\`.`,
      )
}

/** @returns the first checkpoint at or after the event. Creates one if there is none yet. */
async function findCheckpoint({ storage, auditKeeper }: ProofParts, { log, chain, seq }: RecordedEvent) {
  const find = async () =>
    (await storage.auditCheckpoints.list(log)).find(
      (one) => one.kind === 'head' && one.chain === chain && one.seq >= seq,
    )
  const known = await find()
  if (known !== undefined) return known
  await auditKeeper.sealNow()
  return find()
}

async function readTextHashes(
  { storage: { events } }: Parts<'storage'>,
  { chain, seq }: RecordedEvent,
  { upTo, signal }: { readonly upTo: number; readonly signal: AbortSignal },
): Promise<string[]> {
  const hashes: string[] = []
  if (seq === upTo) return hashes
  for await (const event of events.stream({ chain, afterSeq: seq })) {
    signal.throwIfAborted()
    hashes.push(hashText(event.body))
    if (event.seq >= upTo) break
  }
  return hashes
}
