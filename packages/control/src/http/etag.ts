// Entity tags: strong, of exactly what a read shows. So a change of anything shown, operational acts included,
// makes an older tag stale.
import { digest } from '@crosswalk/as-core'

import { buildProblem, type Problem } from './problem.ts'

export function buildEtag(body: unknown): string {
  return `"${digest(JSON.stringify(body)).slice(0, 27)}"`
}

/** For acts, which need no condition. @returns the problem of a condition that was sent and does not hold */
export function checkIfSent(ifMatch: string | undefined, current: unknown): Problem | undefined {
  return ifMatch === undefined ? undefined : checkIfMatch(ifMatch, current)
}

/** RFC 9110 section 13.1.1: `*`, or a list of tags compared strongly; of what is not there (undefined) none holds. */
export function checkIfMatch(ifMatch: string | undefined, current: unknown): Problem | undefined {
  const tags = (ifMatch ?? '').split(',').map((tag) => tag.trim())
  const holds = current !== undefined && (tags.includes('*') || tags.includes(buildEtag(current)))
  if (holds) return undefined
  return buildProblem('stale', { detail: 'Read it again, and repeat the change with the new ETag.' })
}
