// One sentence for each reader: the user, the app's developer, the administrator.
import { DECISION_CODES, flat, memoize, type XaaCode } from '@crosswalk/protocol'

import { adminSentence, type Names } from './admin-sentences.ts'

export interface Summary {
  readonly user: string
  readonly developer: string
  readonly admin: string
}

const SIGN_IN_AGAIN: ReadonlySet<XaaCode> = new Set(['XAA1202', 'XAA1204', 'XAA1205', 'XAA1801'])

/** The user's sentence: identical for all reasons that would reveal who they are or what was decided about them. */
function userSentence(code: XaaCode, { app, target }: Names): string {
  const { kind, http } = DECISION_CODES[code]
  if (http === 200) return flat`${app} may use ${target} for you.`
  if (SIGN_IN_AGAIN.has(code)) return flat`Please sign in again so that ${app} can use ${target} for you.`
  if (kind === 'precondition_failed') return flat`${app} could not reach ${target} for you.`
  return flat`Your organisation has not allowed ${app} to use ${target} for you.`
}

/** The same for every app. Names who can fix it, if that is not the developer. */
const developerSentence = memoize((code: XaaCode) => {
  const { meaning, remedy, owner, http } = DECISION_CODES[code]
  const isOwn = owner === 'developer' || owner === 'nobody' || http === 200
  return isOwn ? flat`${meaning}. ${remedy}` : flat`${meaning}. Fix (${owner}): ${remedy}`
})

export function summarize(code: XaaCode, names: Names): Summary {
  return {
    user: userSentence(code, names),
    developer: developerSentence(code),
    admin: adminSentence(code, names),
  }
}
