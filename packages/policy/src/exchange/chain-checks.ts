// An access token as subject token: the app behind the API that received it requests access to the next resource for
// the same user. Only that app may exchange it, every earlier app and connection must still be active, and the grant
// never exceeds the token.
import type { Chain, Hop } from '@crosswalk/protocol'

import { findBlock } from '../blocks.ts'
import type { Checklist } from '../checklist.ts'
import type { AccessTokenFact, ExchangeFacts, SignInFact, SubjectFact } from '../exchange-facts.ts'
import { type Connection, connectionKey, type ExchangeSnapshot } from '../exchange-snapshot.ts'
import { isWindowOpen } from '../rules/index.ts'
import { isInPeriod } from './connection-checks.ts'
import { findRequestingApp } from './requesting-app.ts'
import { limitScope, type ScopeOutcome } from './scope-checks.ts'

/** @returns the chain of apps before this one; undefined if the user's own app makes the request */
export function findChain(subject: SubjectFact): Chain | undefined {
  if (subject.kind === 'access_token') return subject.token?.chain
  return subject.kind === 'assumed' ? subject.chain : undefined
}

/** @returns the sign-in at the start of the chain; undefined if the token is refused */
export function checkAccessToken(
  list: Checklist,
  facts: ExchangeFacts,
  { token, signIn }: Extract<SubjectFact, { kind: 'access_token' }>,
  snapshot: ExchangeSnapshot,
): SignInFact | undefined {
  const id = 'subject_token.access_token'
  if (token?.state !== 'live' || signIn === undefined) {
    list.fail(id, 'XAA1217', {
      expected: 'a live access token that a server here issued for an ID-JAG of this IdP',
      actual: token?.state ?? 'unknown',
    })
    list.skip(['subject_token.key', 'subject_token.audience', 'subject_token.chain'], id)
    return undefined
  }
  list.pass(id)
  checkKey(list, token, facts)
  return checkChain(list, facts, { chain: token.chain, token }, snapshot) ? signIn : undefined
}

/** A stolen key-bound token must be useless here, too (RFC 9449 section 7). */
function checkKey(list: Checklist, { jkt }: AccessTokenFact, { dpop }: ExchangeFacts): void {
  if (jkt === undefined) list.notApplicable('subject_token.key')
  else if (dpop.state === 'proved' && dpop.jkt === jkt) list.pass('subject_token.key')
  else
    list.fail('subject_token.key', 'XAA1219', {
      expected: jkt,
      actual: dpop.state === 'proved' ? dpop.jkt : 'no proof',
    })
}

interface Presented {
  readonly chain: Chain
  /** Undefined in a simulation: assumed to be meant for the API of the requesting app */
  readonly token?: AccessTokenFact | undefined
}

/** @returns whether the token was meant for the requesting app */
export function checkChain(
  list: Checklist,
  facts: ExchangeFacts,
  presented: Presented,
  snapshot: ExchangeSnapshot,
): boolean {
  const isMeant = checkAudience(list, facts, presented, snapshot)
  const { hops } = presented.chain
  const problem = hops.map((hop) => findHopProblem(hop, facts, snapshot)).find((one) => one !== undefined)
  if (problem === undefined) list.pass('subject_token.chain', { actual: hops.map(({ app }) => app) })
  else list.fail('subject_token.chain', 'XAA1220', problem)
  return isMeant
}

/** Exact: every audience of the token must be a resource of the resource app whose API the requesting app is. */
function checkAudience(
  list: Checklist,
  facts: ExchangeFacts,
  { chain, token }: Presented,
  snapshot: ExchangeSnapshot,
): boolean {
  const id = 'subject_token.audience'
  const { client } = facts
  if (client.state === 'authenticated' && client.method === 'none') {
    list.fail(id, 'XAA1103', { expected: 'an app that authenticates' })
    return false
  }
  const app = findRequestingApp(facts, snapshot)
  const own = snapshot.resourceApps.get(app?.serviceOf ?? '')
  const known = own?.resources.map((resource) => resource.id) ?? []
  const isOwn =
    own !== undefined &&
    chain.hops.at(-1)?.resource_app === own.id &&
    (token === undefined ||
      (token.issuer === own.issuer &&
        token.audience.length > 0 &&
        token.audience.every((one) => known.includes(one))))
  const actual = token?.audience ?? chain.hops.at(-1)?.resource_app
  if (isOwn) list.pass(id, { actual })
  else list.fail(id, 'XAA1218', { expected: own === undefined ? 'an app with serviceOf' : known, actual })
  return isOwn
}

/** Whatever would deny a request by the app itself also denies those further down the chain. */
function findHopProblem(
  hop: Hop,
  { user, nowMs }: ExchangeFacts,
  { apps, resourceApps, connections, holds, blocks }: ExchangeSnapshot,
): { readonly ref: string; readonly actual: string } | undefined {
  const { app, resource_app: resourceApp, connection: id } = hop
  const connection = connections.get(connectionKey(app, resourceApp))
  if (apps.get(app)?.active === false) return { ref: app, actual: 'app disabled' }
  if (resourceApps.get(resourceApp)?.active !== true)
    return { ref: resourceApp, actual: 'resource app disabled' }
  if (connection?.id !== id) return { ref: id, actual: 'connection removed' }
  const state = holds.get(id)?.state ?? connection.status
  if (state !== 'active') return { ref: id, actual: `connection ${state}` }
  const now = nowMs / 1000
  if (!isInPeriod(connection, now)) return { ref: id, actual: 'connection outside its period' }
  if (connection.window !== undefined && !isWindowOpen(connection.window, now))
    return { ref: id, actual: 'connection outside its time window' }
  const about = { now, userId: user?.id, appId: app, connectionId: id }
  const own = blocks.filter(({ kind }) => kind === 'app' || kind === 'connection')
  const block = findBlock(own, about)
  return block === undefined ? undefined : { ref: block.id, actual: `${block.kind} blocked` }
}

/** Whether the connection accepts a chain of this length; a connection for users only accepts none. */
export function checkDelegation(
  list: Checklist,
  chain: Chain | undefined,
  connection: Connection | undefined,
): void {
  if (chain === undefined) return
  const id = 'connection.delegation'
  if (connection === undefined) return list.skip([id], 'connection.exists')
  const seen = {
    expected: { maxDepth: connection.delegation?.maxDepth ?? 0 },
    actual: { depth: chain.hops.length },
  }
  if (chain.hops.length <= seen.expected.maxDepth) list.pass(id, seen)
  else list.fail(id, 'XAA1409', seen)
}

/** @returns the scopes that the access token also has */
export function limitByChain(
  before: ScopeOutcome,
  chain: Chain,
  { id, delegation }: Connection,
): ScopeOutcome {
  const allowed = Object.entries(delegation?.scopes ?? {})
    .filter(([, carriers]) => carriers.some((carrier) => chain.scope.includes(carrier)))
    .map(([scope]) => scope)
  return limitScope(before, { from: () => `delegation of ${id}`, scopes: new Set(allowed), code: 'XAA1607' })
}
