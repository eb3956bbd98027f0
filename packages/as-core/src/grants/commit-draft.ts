// Commits a grant to the ledger with all replay keys it consumes.
import type { DecisionRecord } from '@crosswalk/protocol'
import { withSpan } from '@crosswalk/tracing'

import type { DecisionRecorder } from '../decision-recorder.ts'
import type { ChainPlace, LedgerOutcome, ReplayKey } from '../ports.ts'
import type { Draft } from './grant.ts'

export interface DraftCommit {
  readonly record: DecisionRecord
  readonly draft: Draft
  /** Replay keys of the caller: client assertion and DPoP proof */
  readonly callerKeys: readonly ReplayKey[]
  /** Revision of the definitions that the decision used; undefined if not compared */
  readonly definedAt: number | undefined
  /** @returns the current revision of the definitions, if that or something else differs from what the decision used */
  changedAt(): number | undefined
}

/** @returns the outcome; for a draft with several uses, the outcome of the first unused one, or of the last */
export async function commitDraft(
  commit: DraftCommit,
  recorder: Pick<DecisionRecorder, 'grant'>,
): Promise<LedgerOutcome> {
  const reservation = commit.draft.reserve?.()
  let place: ChainPlace | undefined
  try {
    // If there is nothing to prepare, do not yield between the evaluation and the ledger.
    const changed = commit.draft.prepare === undefined ? undefined : await prepare(commit)
    const outcome = changed ?? (await withSpan('commit', () => commitFirstFree(commit, recorder)))
    if (outcome.committed) place = outcome
    return outcome
  } finally {
    if (place === undefined) reservation?.release()
    else reservation?.settle(place)
  }
}

/** @returns an outcome only if something changed in this process while the draft was prepared */
async function prepare({ draft, changedAt }: DraftCommit): Promise<LedgerOutcome | undefined> {
  await withSpan('sign', async () => draft.prepare?.())
  const revision = changedAt()
  return revision === undefined ? undefined : { committed: false, changedAt: revision }
}

async function commitFirstFree(
  { record, draft, callerKeys, definedAt }: DraftCommit,
  recorder: Pick<DecisionRecorder, 'grant'>,
): Promise<LedgerOutcome> {
  const { replayKeys = [], uses = [], reserve: _, prepare: __, issue: ___, ...stored } = draft
  const always = [...callerKeys, ...replayKeys]
  const commitWith = (keys: readonly ReplayKey[]) =>
    recorder.grant(record, { ...stored, replayKeys: keys, definedAt })
  const [first, ...others] = uses
  if (first === undefined) return commitWith(always)
  let outcome = await commitWith([...always, first])
  for (const use of others) {
    // If a key of the caller was used, or definitions are newer, another use cannot succeed.
    if (outcome.committed || outcome.used?.kind !== use.kind) return outcome
    outcome = await commitWith([...always, use])
  }
  return outcome
}
