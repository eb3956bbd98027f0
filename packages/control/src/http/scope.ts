// What a caller whose role covers certain apps may see and change. The route table has already checked the role;
// objects outside the scope appear not to exist.
import { type Collection, SCOPED_ROLES } from '@crosswalk/admin-api'

import type { Caller } from './context.ts'
import { forbidden, type Problem } from './problem.ts'

export function isInScope(
  { role, apps }: Caller,
  collection: Collection,
  object: { readonly id?: unknown; readonly app?: unknown },
): boolean {
  if (!SCOPED_ROLES.includes(role) || apps === undefined) return true
  if (collection === 'apps') return apps.includes(String(object.id))
  return collection === 'connections' ? apps.includes(String(object.app)) : true
}

/**
 * Whether the caller may read why something was approved. The reason of an automatic approval is the text of the rule,
 * which names all apps that the rule is about.
 */
export function seesReason(
  { rule }: { readonly rule?: string | undefined },
  { apps }: Pick<Caller, 'apps'>,
): boolean {
  return rule === undefined || apps === undefined
}

export function outsideScope(): Problem {
  return forbidden('Your token covers other apps.')
}

/** Settings and keys; not who may use the app, who owns it, or its kind. */
const APP_OWNER_MEMBERS = new Set([
  'name',
  'purpose',
  'redirectUris',
  'postLogoutRedirectUris',
  'backchannelLogoutUri',
  'idTokenSigningAlg',
  'auth',
])

/** App owners can never widen access. */
export function checkOwnSettings(
  { role }: Caller,
  before: Readonly<Record<string, unknown>>,
  after: Readonly<Record<string, unknown>>,
): Problem | undefined {
  if (role !== 'app-owner') return undefined
  const members = [...new Set([...Object.keys(before), ...Object.keys(after)])]
  const beyond = members.filter(
    (member) =>
      !APP_OWNER_MEMBERS.has(member) && JSON.stringify(before[member]) !== JSON.stringify(after[member]),
  )
  if (beyond.length === 0) return undefined
  return forbidden(`App owners may not change ${beyond.join(', ')}; ask an administrator.`)
}
