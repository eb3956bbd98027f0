// Entity tags: strong, computed from exactly what a read returns. Any visible change, including suspensions and blocks,
// makes an older tag stale.
import { digest } from '@crosswalk/as-core'

import { buildProblem, type Problem } from './problem.ts'

export function buildEtag(body: unknown): string {
  return `"${digest(JSON.stringify(body)).slice(0, 27)}"`
}

/** For acts, whose condition is optional. @returns the problem if a condition was sent and fails */
export function checkIfSent(ifMatch: string | undefined, current: unknown): Problem | undefined {
  return ifMatch === undefined ? undefined : checkIfMatch(ifMatch, current)
}

/** RFC 9110 section 13.1.1: `*`, or a list of tags, compared strongly; never holds if the object does not exist. */
export function checkIfMatch(ifMatch: string | undefined, current: unknown): Problem | undefined {
  const tags = (ifMatch ?? '').split(',').map((tag) => tag.trim())
  const holds = current !== undefined && (tags.includes('*') || tags.includes(buildEtag(current)))
  if (holds) return undefined
  return buildProblem('stale', { detail: 'Read it again, and repeat the change with the new ETag.' })
}

/** RFC 9110 section 13.1.2: `*`, or a list of tags, compared weakly. @returns whether the client has this version */
export function hasVersion(headers: Headers, etag: string): boolean {
  const [own, ...known] = [etag, ...(headers.get('if-none-match') ?? '').split(',')].map(dropWeakness)
  return known.some((tag) => tag === '*' || tag === own)
}

function dropWeakness(tag: string): string {
  return tag.trim().replace(/^W\//, '')
}
