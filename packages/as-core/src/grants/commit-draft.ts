// Asks the ledger to make a grant durable, with every replay key it consumes.
import type { DecisionRecord } from '@crosswalk/protocol'
import { withSpan } from '@crosswalk/tracing'

import type { DecisionRecorder } from '../decision-recorder.ts'
import type { ChainPlace, LedgerOutcome, ReplayKey } from '../ports.ts'
import type { Draft } from './grant.ts'

export interface DraftCommit {
  readonly record: DecisionRecord
  readonly draft: Draft
  /** Single uses of the caller: client assertion and DPoP proof */
  readonly callerKeys: readonly ReplayKey[]
  /** Revision of the definitions the record rests on; undefined: not compared */
  readonly definedAt: number | undefined
  /** @returns the revision that definitions have by now, where it is another than those the record rests on */
  changedAt(): number | undefined
}

/** @returns the outcome; of a draft with several uses that of the first that was free, or of the last */
export async function commitDraft(
  commit: DraftCommit,
  recorder: Pick<DecisionRecorder, 'grant'>,
): Promise<LedgerOutcome> {
  const reservation = commit.draft.reserve?.()
  let place: ChainPlace | undefined
  try {
    // Without anything to prepare, nothing is waited for between the evaluation and the ledger.
    const changed = commit.draft.prepare === undefined ? undefined : await prepare(commit)
    const outcome = changed ?? (await withSpan('commit', () => commitFirstFree(commit, recorder)))
    if (outcome.committed) place = outcome
    return outcome
  } finally {
    if (place === undefined) reservation?.release()
    else reservation?.settle(place)
  }
}

/** @returns an outcome only where definitions changed in this process while the draft was prepared */
async function prepare({ draft, changedAt }: DraftCommit): Promise<LedgerOutcome | undefined> {
  await withSpan('sign', async () => draft.prepare?.())
  const revision = changedAt()
  return revision === undefined ? undefined : { committed: false, changedAt: revision }
}

async function commitFirstFree(
  { record, draft, callerKeys, definedAt }: DraftCommit,
  recorder: Pick<DecisionRecorder, 'grant'>,
): Promise<LedgerOutcome> {
  const { type, issued, grantId, accessToken, account, replayKeys = [], uses = [] } = draft
  const always = [...callerKeys, ...replayKeys]
  const commitWith = (keys: readonly ReplayKey[]) =>
    recorder.grant(record, { type, issued, grantId, replayKeys: keys, accessToken, account, definedAt })
  const [first, ...others] = uses
  if (first === undefined) return commitWith(always)
  let outcome = await commitWith([...always, first])
  for (const use of others) {
    // A caller's key that was used, or newer definitions: no other use helps.
    if (outcome.committed || outcome.used?.kind !== use.kind) return outcome
    outcome = await commitWith([...always, use])
  }
  return outcome
}
