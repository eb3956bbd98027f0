// If a change would break policy tests, asks the user whether to save it anyway and why. In one place, for every change of every page.
import { AdminApiError, type CallOptions, type ProblemBody } from '@crosswalk/admin-api'

export interface OverrideQuestion {
  readonly failedTests: NonNullable<ProblemBody['failedTests']>
  /** Reason of the change itself */
  readonly reason: string
  /** @param reason - undefined to not save */
  answer(reason: string | undefined): void
}

type Ask = (question: OverrideQuestion) => void
let ask: Ask | undefined

/** @returns a function that unsubscribes */
export function onOverrideQuestion(next: Ask): () => void {
  ask = next
  return () => {
    if (ask === next) ask = undefined
  }
}

/** Sends a change; if it would break tests and the user gives a reason, sends it again with an override. */
export async function sendUnlessTestsFail<T>(
  send: (options: CallOptions) => Promise<T>,
  reason: string,
): Promise<T> {
  try {
    return await send(reason === '' ? {} : { reason })
  } catch (error) {
    const problem = error instanceof AdminApiError ? error.problem : undefined
    const { failedTests, mayOverride = false } = problem ?? {}
    if (failedTests === undefined || !mayOverride || ask === undefined) throw error
    const why = await askWhy(ask, { failedTests, reason })
    if (why === undefined) throw error
    return send({ reason: why, overrideTests: true })
  }
}

function askWhy(put: Ask, question: Omit<OverrideQuestion, 'answer'>): Promise<string | undefined> {
  return new Promise((resolve) => put({ ...question, answer: resolve }))
}
