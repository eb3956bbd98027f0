// One sentence for each reader: the user, the app's developer, the administrator.
// The administrator's: subject, missing relation, object; no codes, no blame, at most 140 characters.
import { DECISION_CODES, flat, memoize, type XaaCode } from '@crosswalk/protocol'

/** Display names for the sentences; ids if no name is known. */
export interface Names {
  readonly app: string
  readonly target: string
  readonly user: string
}

export interface Summary {
  readonly user: string
  readonly developer: string
  readonly admin: string
}

type Sentence = (names: Names) => string

const ADMIN: Partial<Record<XaaCode, Sentence>> = {
  XAA0000: ({ app, user, target }) => flat`${app} may act for ${user} at ${target}.`,
  XAA0001: ({ app, user, target }) =>
    flat`${app} may act for ${user} at ${target}, with less than it requested.`,
  XAA1104: ({ app }) => flat`${app} is disabled.`,
  XAA1108: ({ app }) => flat`${app} has no redirect URI, so no user signs in to it.`,
  XAA1202: ({ app, user }) =>
    flat`${app} sent an ID token of ${user} that has expired, or the clocks of two servers differ.`,
  XAA1204: ({ app, user }) =>
    flat`${app} sent an ID token of ${user} that is older than the app may exchange.`,
  XAA1207: ({ app }) => flat`${app} sent a SAML assertion whose audience is not mapped to it.`,
  XAA1209: ({ app }) => flat`${app} sent a SAML assertion that is not accepted here, or was already used.`,
  XAA1210: ({ app }) => flat`${app} sent an ID token whose signature or form is wrong.`,
  XAA1211: ({ app }) => flat`${app} sent an ID token of a subject issuer whose keys could not be fetched.`,
  XAA1212: ({ app }) =>
    flat`${app} sent an ID token that another identity provider issued to another client.`,
  XAA1213: ({ app }) => flat`${app} sent an ID token without a claim that is required of its issuer.`,
  XAA1214: ({ app }) => flat`${app} sent an ID token of a user who is not linked to a user here.`,
  XAA1215: ({ app }) => flat`${app} sent an ID token that is older than allowed for its issuer.`,
  XAA1216: ({ app, user }) => flat`${app} sent an ID token of a session of ${user} that has ended.`,
  XAA1301: ({ app }) => flat`${app} requested an audience that no resource app has.`,
  XAA1302: ({ app }) =>
    flat`${app} requested an audience that is one slash, letter case or port away from a registered one.`,
  XAA1303: ({ app }) => flat`${app} requested a resource that is not registered behind the audience.`,
  XAA1304: ({ app, target }) =>
    flat`The connection ${app} → ${target} does not cover the requested resource.`,
  XAA1305: ({ app }) => flat`${app} did not name the resource app behind the audience.`,
  XAA1401: ({ app, target }) => flat`There is no connection from ${app} to ${target}.`,
  XAA1402: ({ app, target }) => flat`The connection ${app} → ${target} is not active yet.`,
  XAA1403: ({ app, target }) => flat`The connection ${app} → ${target} is suspended.`,
  XAA1404: ({ app, target }) => flat`The connection ${app} → ${target} is outside its period.`,
  XAA1405: ({ app, target }) => flat`The connection ${app} → ${target} is outside its time window.`,
  XAA1407: ({ app, target }) => flat`The connection ${app} → ${target} was revoked.`,
  XAA1501: ({ app, user }) => flat`${user} is not assigned to ${app}.`,
  XAA1502: ({ user, target }) => flat`${user} is not assigned to ${target}.`,
  XAA1503: ({ app, user, target }) =>
    flat`${user} is not among the users of the connection ${app} → ${target}.`,
  XAA1504: ({ user }) => flat`${user} is disabled or unknown.`,
  XAA1506: ({ user, target }) => flat`${user} has the same identifier at ${target} as another user.`,
  XAA1602: ({ app, target }) =>
    flat`Together, the connection ${app} → ${target} and the policies allow none of the requested scopes.`,
  XAA1604: ({ app, target }) =>
    flat`${app} requested a scope at ${target} that is not approved for the connection.`,
  XAA1605: ({ app, target }) =>
    flat`A scope that was approved for ${app} at ${target} has changed its meaning.`,
  XAA1701: ({ app, target, user }) => flat`A policy denies ${app} access to ${target} for ${user}.`,
  XAA1801: ({ user, target }) =>
    flat`${user} must sign in again, stronger or more recently, to reach ${target}.`,
  XAA1802: ({ app, user, target }) =>
    flat`An access request for ${app} to act for ${user} at ${target} is pending.`,
  XAA2103: ({ app }) => flat`The ID-JAG was issued to a client other than ${app}.`,
  XAA2202: () => 'The issuer of the ID-JAG is not trusted here.',
  XAA2206: ({ app }) =>
    flat`${app} used an ID-JAG that has expired, or the clocks of issuer and server differ.`,
  XAA2209: ({ app }) => flat`${app} used an ID-JAG a second time.`,
  XAA2301: ({ user }) => flat`There is no account here for ${user}, and none may be created.`,
  XAA2303: ({ user }) => flat`The account of ${user} is disabled.`,
  XAA2504: ({ app }) => flat`${app} used an authorization code a second time.`,
  XAA2505: ({ app, target, user }) =>
    flat`${app} asked ${user} for access to ${target}, which the user's company allows by ID-JAG only.`,
  XAA2601: ({ app }) => flat`${app} requested a stored credential with an access token that is not live.`,
  XAA2602: ({ app, target }) => flat`${app} is not the gateway of ${target}.`,
  XAA2603: ({ app, target }) =>
    flat`${app} requested a stored credential of ${target}, which is not brokered.`,
  XAA2604: ({ user, target }) => flat`No credential of ${user} is stored for ${target}.`,
  XAA2605: ({ user, target }) => flat`The credential of ${user} for ${target} could not be refreshed.`,
  XAA2305: ({ user }) =>
    flat`The e-mail address of ${user} is not accepted here, and no other strategy finds an account.`,
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
    admin: ADMIN[code]?.(names) ?? describeByMeaning(code, names),
  }
}

function describeByMeaning(code: XaaCode, { app, target }: Names): string {
  const { meaning } = DECISION_CODES[code]
  // Abbreviations stay in capitals.
  const text = /^[A-Z][a-z]/.test(meaning) ? meaning.charAt(0).toLowerCase() + meaning.slice(1) : meaning
  return flat`${app} at ${target}: ${text}.`
}
