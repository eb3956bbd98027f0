// Lists live access tokens with their origin, and revokes them one by one or by filter. Tokens issued by authorization
// servers elsewhere are neither visible nor revocable here.
import type { accessTokenRoutes, AccessTokenView } from '@crosswalk/admin-api'
import { createPairwise } from '@crosswalk/idp/definitions'
import { renderTime } from '@crosswalk/policy'
import { dropUndefined } from '@crosswalk/protocol'
import type { IssuedAccessToken, TokenSelector } from '@crosswalk/resource-as'

import { definitionsOf } from '../definitions/records.ts'
import { type Reach, reachOfConnection, type ReachParts, reachOfTarget } from '../definitions/revocations.ts'
import { revokeSelected } from '../definitions/revoke-held.ts'
import type { Handlers } from '../http/context.ts'
import type { Parts } from '../parts.ts'
import { isProblem, notFound, type Problem } from '../http/problem.ts'
import { readStoredPage } from '../http/stored-page.ts'
import { revokeAndRecord } from './revoke-and-record.ts'
import { selectReached } from './select-reached.ts'
import { type BlockTarget, findBlockTarget } from './standing-blocks.ts'

export function createLiveAccessHandlers(
  parts: Parts<'configuration' | 'directory' | 'storage' | 'clock' | 'sealing'>,
): Pick<Handlers, keyof typeof accessTokenRoutes> {
  const { storage, clock } = parts
  return {
    async 'access-tokens.list'({ query: { limit, cursor, ...filter } }) {
      const selectors = await findSelectors(parts, filter)
      if (isProblem(selectors)) return selectors
      const query = { selectors, nowMs: clock.nowMs(), limit, cursor }
      const page = await readStoredPage(() => storage.liveAccess.list(query))
      if (isProblem(page)) return page
      const render = await createRenderer(parts, page.items)
      return { status: 200, body: { items: page.items.map(render), next: page.next ?? null } }
    },
    async 'access-tokens.revoke'({ body: { reason: _, ...filter } }, context) {
      const selectors = await findSelectors(parts, filter)
      if (isProblem(selectors)) return selectors
      if (filter.id !== undefined && !(await isIssued(parts, filter.id)))
        return notFound(`There is no access token ${filter.id}.`)
      const about = { target: describe(filter), endedSessions: false }
      const revokedTokens = await revokeAndRecord(parts, context, about, () =>
        revokeSelected(storage.accessTokens, selectors, clock.nowMs()),
      )
      return { status: 200, body: { revokedTokens } }
    },
  }
}

/** Also if it was revoked: a fault may have stopped an earlier request before its event. */
async function isIssued(
  { directory, storage }: Parts<'directory' | 'storage'>,
  id: string,
): Promise<boolean> {
  const servers = [...directory.current().world['authorization-servers'].keys()]
  const found = await Promise.all(servers.map((server) => storage.accessTokens.find(server, id)))
  return found.some((token) => token !== undefined)
}

interface Filter {
  readonly id?: string | undefined
  readonly authorizationServer?: string | undefined
  readonly client?: string | undefined
  readonly subject?: string | undefined
  readonly user?: string | undefined
  readonly app?: string | undefined
  readonly connection?: string | undefined
}

/** Describes the filter as the target of the audit event. */
function describe({ id, ...filter }: Filter): { readonly kind: string; readonly id: string } {
  if (id !== undefined) return { kind: 'access_token', id }
  return { kind: 'access_tokens', id: new URLSearchParams(dropUndefined(filter)).toString() }
}

/** @returns selectors, at least one of which a token must match; or a problem if a name is unknown */
async function findSelectors(
  parts: Parts<'configuration' | 'directory' | 'sealing'>,
  filter: Filter,
): Promise<readonly TokenSelector[] | Problem> {
  const { id, authorizationServer, client, subject } = filter
  const { world } = parts.directory.current()
  let selectors: readonly TokenSelector[] = [
    dropUndefined({ id, authorizationServer, clientId: client, issuerSubject: subject }) as TokenSelector,
  ]
  for (const kind of ['user', 'app', 'connection'] as const) {
    if (filter[kind] === undefined) continue
    const found = await findBlockTarget(parts, kind, filter[kind], `/${kind}`)
    if (isProblem(found)) return found
    const reached = selectReached(world, await reachOf(parts, kind, found.target))
    selectors = selectors.flatMap((one) => reached.flatMap((other) => joinSelectors(one, other)))
  }
  return selectors
}

/**
 * @returns selectors for the access tokens of a target at authorization servers here; a token must match one of them
 */
export async function selectTokens(
  parts: Parts<'configuration' | 'directory' | 'sealing'>,
  { kind, target }: BlockTarget,
): Promise<readonly TokenSelector[]> {
  return kind === 'everything' ? [{}] : selectRevocable(parts, { kind, target })
}

/** @returns selectors for the access tokens that a block of a target revokes; everything is what the IdP here granted */
export async function selectRevocable(
  parts: Parts<'configuration' | 'directory' | 'sealing'>,
  { kind, target }: BlockTarget,
): Promise<readonly TokenSelector[]> {
  return selectReached(parts.directory.current().world, await reachOf(parts, kind, target))
}

async function reachOf(
  parts: Parts<'configuration' | 'directory' | 'sealing'>,
  kind: BlockTarget['kind'],
  id: string,
): Promise<readonly Reach[]> {
  const reachParts = readReachParts(parts)
  if (reachParts === undefined) return []
  const users = await parts.directory.current().users.findMany(kind === 'user' ? [id] : [])
  return reachOfTarget({ kind, target: id }, users, reachParts)
}

/** @returns undefined if no IdP runs here */
export function readReachParts({
  configuration,
  directory,
  sealing,
}: Parts<'configuration' | 'directory' | 'sealing'>): ReachParts | undefined {
  const issuer = configuration.idp?.issuer
  if (issuer === undefined) return undefined
  return { world: directory.current().world, issuer, pairwise: createPairwise(sealing) }
}

/** @returns a selector that matches both; none if they contradict each other */
function joinSelectors(one: TokenSelector, other: TokenSelector): readonly TokenSelector[] {
  const both = { ...one, ...other }
  const agrees = Object.entries(one).every(([member, value]) => both[member as keyof TokenSelector] === value)
  return agrees ? [both] : []
}

async function createRenderer(
  parts: Parts<'configuration' | 'directory' | 'sealing'>,
  tokens: readonly IssuedAccessToken[],
): Promise<(token: IssuedAccessToken) => AccessTokenView> {
  const { world, users } = parts.directory.current()
  const subjects = new Set(await users.items.filterIds(tokens.map(({ issuerSubject }) => issuerSubject)))
  const reachParts = readReachParts(parts)
  const connections = definitionsOf(world.connections).flatMap((connection) =>
    selectReached(world, reachParts === undefined ? [] : reachOfConnection(connection, reachParts)).map(
      (selector) => ({ id: connection.id, selector }),
    ),
  )
  const byClient = Map.groupBy(connections, ({ selector }) => nameClient(selector))
  return (token) => {
    const ours = token.issuer === reachParts?.issuer
    const born = (byClient.get(nameClient(token)) ?? []).filter(
      ({ selector: { resource } }) => resource === undefined || token.resource.includes(resource),
    )
    return {
      id: token.id,
      authorizationServer: token.authorizationServer,
      format: token.format,
      client: token.clientId,
      issuer: token.issuer,
      subject: token.issuerSubject,
      account: token.accountId,
      user: ours && subjects.has(token.issuerSubject) ? token.issuerSubject : null,
      connections: ours ? [...new Set(born.map(({ id }) => id))] : [],
      resource: [...token.resource],
      scope: [...token.scope],
      dpop: token.dpopThumbprint !== undefined,
      issuedAt: renderTime(token.issuedAt * 1000),
      expiresAt: renderTime(token.expiresAt * 1000),
      decision: token.decisionId,
    }
  }
}

function nameClient({
  authorizationServer,
  clientId,
}: Pick<TokenSelector, 'authorizationServer' | 'clientId'>): string {
  return JSON.stringify([authorizationServer, clientId])
}
