// Keeps what is granted from resting on definitions that another process has changed already: the ledger compares their
// revision when it commits, and where it has grown the request is decided once more, by what is in force now.
import type { TokenAnswer } from './token-endpoint.ts'

/** Nothing was granted, since definitions have a newer revision than those it was decided by. */
export interface Outdated {
  readonly changedAt: number
}

/** Resolves once definitions of this revision are in force in this process. */
export type UntilDefined = (revision: number) => Promise<void>

/** Definitions that change faster than this are changed by somebody who then waits for nothing. */
const MOST_ATTEMPTS = 5

/**
 * @param untilDefined - undefined: nobody else changes definitions, so they are not compared
 * @param attempt - `compares`: whether to give the ledger the revision
 */
export async function answerByNewest(
  untilDefined: UntilDefined | undefined,
  attempt: (compares: boolean) => Promise<TokenAnswer | Outdated>,
): Promise<TokenAnswer> {
  for (let made = 0; untilDefined !== undefined && made < MOST_ATTEMPTS; made += 1) {
    const answer = await attempt(true)
    if (!('changedAt' in answer)) return answer
    await untilDefined(answer.changedAt)
  }
  const answer = await attempt(false)
  if ('changedAt' in answer) throw new TypeError('nothing was compared')
  return answer
}
