// The sentence of each code for administrators: subject, missing relation, object; no codes, no blame, at most 140
// characters with names of usual length.
import { DECISION_CODES, flat, type XaaCode } from '@crosswalk/protocol'

/** Display names for the sentences; ids if no name is known. */
export interface Names {
  readonly app: string
  readonly target: string
  readonly user: string
  /** Whether the directory has the user; undefined if that is not known */
  readonly isUserKnown?: boolean | undefined
}

/** The codes that a record can have: those of both token servers. XAA1603 says why one scope was removed. */
type RecordedCode = Exclude<Extract<XaaCode, `XAA${0 | 1 | 2 | 9}${string}`>, 'XAA1603'>

const SENTENCES: Readonly<Record<RecordedCode, (names: Names) => string>> = {
  XAA0000: ({ app, user, target }) => flat`${app} may act for ${user} at ${target}.`,
  XAA0001: ({ app, user, target }) =>
    flat`${app} may act for ${user} at ${target}, with less than it requested.`,
  XAA1000: () =>
    'The request was refused before it was read, for its method, content type, size or encoding.',
  XAA1001: ({ app }) => flat`${app} left out a required parameter.`,
  XAA1002: ({ app }) => flat`${app} requested another type of token than an ID-JAG.`,
  XAA1003: ({ app }) => flat`${app} sent a type of subject token that is not supported.`,
  XAA1004: ({ app }) => flat`${app} sent a repeated or malformed parameter.`,
  XAA1005: ({ app }) => flat`${app} sent an actor token, which is not accepted here.`,
  XAA1006: ({ app }) => flat`${app} requested a grant type that is not offered here.`,
  XAA1007: ({ app }) => flat`${app} sent a DPoP proof that was refused.`,
  XAA1008: ({ app }) => flat`${app} sent a DPoP proof without a current nonce.`,
  XAA1009: ({ app }) => flat`The sign-in provider refused an authorization code or refresh token of ${app}.`,
  XAA1010: ({ app }) => flat`${app} sent no actor token of a registered app.`,
  XAA1101: ({ app }) => flat`${app} is not registered, or sent a wrong secret.`,
  XAA1102: ({ app }) => flat`${app} sent a client assertion that was refused.`,
  XAA1103: ({ app }) => flat`${app} sent no credentials, which only a public client with DPoP may do.`,
  XAA1104: ({ app }) => flat`${app} is disabled.`,
  XAA1105: ({ app }) => flat`${app} used more than one client authentication method.`,
  XAA1106: ({ app }) =>
    flat`The keys or metadata document of ${app}, or the keys of its actor, could not be fetched.`,
  XAA1107: () => 'Too many wrong client secrets came from the address of the request.',
  XAA1108: ({ app }) => flat`${app} has no redirect URI, so no user signs in to it.`,
  XAA1201: ({ app }) => flat`${app} sent a subject token whose signature, issuer or form is wrong.`,
  XAA1202: ({ app, user }) =>
    flat`${app} sent a subject token of ${user} that has expired, or the clocks of two servers differ.`,
  XAA1203: ({ app }) => flat`${app} sent a subject token that was issued to another app.`,
  XAA1204: ({ app, user }) =>
    flat`${app} sent an ID token of ${user} that is older than the app may exchange.`,
  XAA1205: ({ app, user }) =>
    flat`${app} used a session of ${user} that has ended, or a refresh token that is no longer valid.`,
  XAA1206: ({ app }) =>
    flat`${app} sent a subject token that is not valid yet, or the clocks of two servers differ.`,
  XAA1207: ({ app }) => flat`${app} sent a SAML assertion whose audience is not mapped to it.`,
  XAA1208: ({ app }) => flat`${app} sent a subject token of another kind than it declared.`,
  XAA1209: ({ app }) => flat`${app} sent a SAML assertion that is not accepted here, or was already used.`,
  XAA1210: ({ app }) => flat`${app} sent an ID token whose signature or form is wrong.`,
  XAA1211: ({ app }) => flat`${app} sent an ID token of a subject issuer whose keys could not be fetched.`,
  XAA1212: ({ app }) =>
    flat`${app} sent an ID token that another identity provider issued to another client.`,
  XAA1213: ({ app }) => flat`${app} sent an ID token without a claim that is required of its issuer.`,
  XAA1214: ({ app }) => flat`${app} sent an ID token of a user who is not linked to a user here.`,
  XAA1215: ({ app }) => flat`${app} sent an ID token that is older than allowed for its issuer.`,
  XAA1216: ({ app, user }) => flat`${app} sent an ID token of a session of ${user} that has ended.`,
  XAA1217: ({ app }) =>
    flat`${app} sent an access token that is unknown here, not valid any more, or not from an ID-JAG of this IdP.`,
  XAA1218: ({ app }) => flat`${app} sent an access token that was issued for another resource app.`,
  XAA1219: ({ app }) => flat`${app} did not prove the key that its subject token is bound to.`,
  XAA1220: ({ app }) =>
    flat`An app or connection that led to the access token of ${app} may not be used now.`,
  XAA1221: ({ app }) => flat`${app} sent a workload token that is not its client assertion.`,
  XAA1301: ({ app }) => flat`${app} requested an audience that no resource app has.`,
  XAA1302: ({ app }) =>
    flat`${app} requested an audience that is one slash, letter case or port away from a registered one.`,
  XAA1303: ({ app }) => flat`${app} requested a resource that is not registered behind the audience.`,
  XAA1304: ({ app, target }) =>
    flat`The connection ${app} → ${target} does not cover the requested resource.`,
  XAA1305: ({ app }) => flat`${app} did not name the resource app behind the audience.`,
  XAA1306: ({ app }) => flat`${app} named this IdP itself as the audience.`,
  XAA1307: ({ target }) => flat`${target} is disabled.`,
  XAA1308: ({ app }) =>
    flat`${app} requested authorization details that are malformed, unknown or not allowed.`,
  XAA1401: ({ app, target }) => flat`There is no connection from ${app} to ${target}.`,
  XAA1402: ({ app, target }) => flat`The connection ${app} → ${target} is not active yet.`,
  XAA1403: ({ app, target }) => flat`The connection ${app} → ${target} is suspended.`,
  XAA1404: ({ app, target }) => flat`The connection ${app} → ${target} is outside its period.`,
  XAA1405: ({ app, target }) => flat`The connection ${app} → ${target} is outside its time window.`,
  XAA1406: ({ app, target }) => flat`The connection ${app} → ${target} has no client ID at the resource.`,
  XAA1407: ({ app, target }) => flat`The connection ${app} → ${target} was revoked.`,
  XAA1408: ({ app, target }) => flat`The connection ${app} → ${target} does not allow the actor.`,
  XAA1409: ({ app, target }) =>
    flat`The connection ${app} → ${target} accepts no access tokens, or the chain of apps is too long.`,
  XAA1410: ({ app, target }) => flat`The connection ${app} → ${target} is not for this kind of subject.`,
  XAA1501: ({ app, user }) => flat`${user} is not assigned to ${app}.`,
  XAA1502: ({ user, target }) => flat`${user} is not assigned to ${target}.`,
  XAA1503: ({ app, user, target }) =>
    flat`${user} is not among the users of the connection ${app} → ${target}.`,
  XAA1504: ({ user, isUserKnown }) =>
    isUserKnown === undefined
      ? flat`${user} is disabled or unknown.`
      : flat`${user} is ${isUserKnown ? 'disabled' : 'unknown here'}.`,
  XAA1505: ({ user, target }) => flat`${user} lacks the attribute that identifies users at ${target}.`,
  XAA1506: ({ user, target }) => flat`${user} has the same identifier at ${target} as another user.`,
  XAA1601: ({ app, target }) => flat`${app} requested a scope that ${target} does not have.`,
  XAA1602: ({ app, target }) =>
    flat`Together, the connection ${app} → ${target} and the policies allow none of the requested scopes.`,
  XAA1604: ({ app, target }) =>
    flat`${app} requested a scope at ${target} that is not approved for the connection.`,
  XAA1605: ({ app, target }) =>
    flat`A scope that was approved for ${app} at ${target} has changed its meaning.`,
  XAA1606: ({ app }) => flat`${app} sent a malformed scope.`,
  XAA1607: ({ app }) => flat`${app} sent an access token without a scope that allows the requested one.`,
  XAA1701: ({ app, target, user }) => flat`A policy denies ${app} access to ${target} for ${user}.`,
  XAA1702: ({ app, user, target }) =>
    flat`${app} does not meet a policy requirement to act for ${user} at ${target}.`,
  XAA1704: ({ app, target }) =>
    flat`A policy about ${app} and ${target} cannot be evaluated, because an input is missing.`,
  XAA1801: ({ user, target }) =>
    flat`${user} must sign in again, stronger or more recently, to reach ${target}.`,
  XAA1802: ({ app, user, target }) =>
    flat`An access request for ${app} to act for ${user} at ${target} is pending.`,
  XAA1901: ({ user }) => flat`${user} is blocked.`,
  XAA1902: ({ app, target }) => flat`${app}, or its connection to ${target}, is blocked.`,
  XAA1903: () => 'The kill switch blocks every app for every user.',
  XAA1904: ({ app }) => flat`${app} has reached a limit of requests.`,
  XAA2001: ({ app, target }) => flat`${app} requested a grant type that ${target} does not offer.`,
  XAA2002: ({ app }) => flat`${app} sent a missing, repeated or malformed parameter.`,
  XAA2101: ({ app }) => flat`${app} failed to authenticate.`,
  XAA2102: ({ app }) =>
    flat`${app} is disabled, may not use this grant, or is public and sent no DPoP proof.`,
  XAA2103: ({ app }) => flat`The ID-JAG was issued to a client other than ${app}.`,
  XAA2104: ({ app }) => flat`${app} may not redeem ID-JAGs of this issuer.`,
  XAA2105: ({ app }) => flat`The keys or metadata document of ${app} could not be fetched.`,
  XAA2106: () => 'Too many wrong client secrets came from the address of the request.',
  XAA2201: ({ app }) => flat`${app} sent a token that is no ID-JAG: its typ or form is wrong.`,
  XAA2202: () => 'The issuer of the ID-JAG is not trusted here.',
  XAA2203: ({ app }) => flat`${app} sent an ID-JAG whose signature is wrong or whose key is unknown.`,
  XAA2204: () => 'The keys of the issuer of the ID-JAG could not be fetched.',
  XAA2205: ({ app }) => flat`${app} sent an ID-JAG signed with an algorithm that is not accepted.`,
  XAA2206: ({ app }) =>
    flat`${app} used an ID-JAG that has expired, or the clocks of issuer and server differ.`,
  XAA2207: ({ app }) =>
    flat`${app} used an ID-JAG that is not valid yet, or the clocks of issuer and server differ.`,
  XAA2208: ({ app }) => flat`${app} sent an ID-JAG that is valid for longer than allowed.`,
  XAA2209: ({ app }) => flat`${app} used an ID-JAG a second time.`,
  XAA2210: ({ app }) =>
    flat`${app} sent an ID-JAG in which a required claim is missing or has the wrong type.`,
  XAA2211: ({ app }) => flat`${app} sent an ID-JAG whose audience is not this server.`,
  XAA2212: ({ app }) => flat`${app} sent an ID-JAG without exactly one audience.`,
  XAA2213: ({ app, target }) =>
    flat`The ID-JAG of ${app} names no resource of ${target}, or leaves out which of several.`,
  XAA2214: ({ app }) => flat`The tenant in the ID-JAG of ${app} is missing or wrong.`,
  XAA2215: ({ app }) =>
    flat`The key binding in the ID-JAG of ${app} is missing, wrong or of an unknown kind.`,
  XAA2216: ({ app }) => flat`The issuer revoked the ID-JAG of ${app}.`,
  XAA2217: ({ app }) => flat`${app} requested a resource beyond its ID-JAG or code, or one that is not here.`,
  XAA2218: ({ app }) => flat`The actor in the ID-JAG of ${app} is not accepted here.`,
  XAA2219: ({ app }) => flat`${app} sent a DPoP proof that was refused.`,
  XAA2220: ({ app }) => flat`${app} sent a DPoP proof without a current nonce.`,
  XAA2221: ({ app }) =>
    flat`${app} requested authorization details that are unknown here, invalid or beyond its ID-JAG.`,
  XAA2222: ({ user }) => flat`The claims about ${user} are too large for an access token.`,
  XAA2301: ({ user }) => flat`There is no account here for ${user}, and none may be created.`,
  XAA2302: ({ user }) => flat`Several accounts match ${user}.`,
  XAA2303: ({ user }) => flat`The account of ${user} is disabled.`,
  XAA2305: ({ user }) =>
    flat`The e-mail address of ${user} is not accepted here, and no other strategy finds an account.`,
  XAA2306: ({ app }) => flat`${app} acts for a workload that is not accepted here.`,
  XAA2401: ({ app }) => flat`${app} requested a scope beyond its ID-JAG.`,
  XAA2402: ({ app, target }) => flat`A local rule of ${target} denies ${app} access.`,
  XAA2403: ({ target }) => flat`${target} knows none of the scopes.`,
  XAA2404: ({ app }) => flat`${app} sent a malformed scope.`,
  XAA2501: ({ app }) => flat`${app} sent an authorization code that is unknown or has expired.`,
  XAA2502: ({ app }) =>
    flat`${app} sent an authorization code that was issued to another client or redirect URI.`,
  XAA2503: ({ app }) => flat`${app} sent a code_verifier that does not match the code_challenge.`,
  XAA2504: ({ app }) => flat`${app} used an authorization code a second time.`,
  XAA2505: ({ app, target, user }) =>
    flat`${app} asked ${user} for access to ${target}, which the user's company allows by ID-JAG only.`,
  XAA2601: ({ app }) => flat`${app} requested a stored credential with an access token that is not live.`,
  XAA2602: ({ app, target }) => flat`${app} is not the gateway of ${target}.`,
  XAA2603: ({ app, target }) =>
    flat`${app} requested a stored credential of ${target}, which is not brokered.`,
  XAA2604: ({ user, target }) => flat`No credential of ${user} is stored for ${target}.`,
  XAA2605: ({ user, target }) => flat`The credential of ${user} for ${target} could not be refreshed.`,
  XAA9001: () => 'An internal fault occurred; nothing was granted.',
  XAA9002: () => 'Storage, key provider or look-up of users was unavailable; nothing was granted.',
  XAA9003: () => 'Too many requests were in progress; nothing was evaluated.',
}

export function adminSentence(code: XaaCode, names: Names): string {
  return code in SENTENCES ? SENTENCES[code as RecordedCode](names) : flat`${DECISION_CODES[code].meaning}.`
}
