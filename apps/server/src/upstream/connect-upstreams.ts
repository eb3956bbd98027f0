// Connects sign-in through other identity providers to a running server: guarded requests to exactly those providers,
// the links of users, and users provisioned just in time, who are database objects like those created by
// administrators.
import {
  type Clock,
  createGuardedWebFetch,
  isLoopbackHost,
  type LoggedEvent,
  newId,
} from '@crosswalk/as-core'
import {
  type AccessRevoker,
  buildObjectEvent,
  checkCandidate,
  type CompleteChanges,
  type Configuration,
  type Directory,
  dropGroupsAbove,
  type Item,
  revokeUnassigned,
  showDefinition,
  type Signals,
  type UserRecord,
} from '@crosswalk/control'
import type { UpstreamUser, Upstreams, User } from '@crosswalk/idp'
import { type EpochMs, type UpstreamDefinition, zUser } from '@crosswalk/protocol'
import type { NewUpstreamLink, Storage } from '@crosswalk/storage'

export interface UpstreamParts {
  readonly configuration: Configuration
  readonly storage: Storage
  readonly directory: Directory
  readonly revoker: AccessRevoker
  readonly completeChanges: CompleteChanges
  readonly signals: Signals
  readonly clock: Clock
}

export interface ConnectedUpstreams extends Upstreams {
  /** Closes idle connections. */
  close(): Promise<void>
}

export function connectUpstreams(parts: UpstreamParts): ConnectedUpstreams {
  const reached = new Map<string, ReturnType<typeof createGuardedWebFetch>>()
  return {
    links: parts.storage.upstreamLinks,
    fetch({ id, issuer, privateNetwork }) {
      const allowLoopback = isLoopbackHost(new URL(issuer).hostname)
      const guarded = createGuardedWebFetch({ allowLoopback, allowPrivate: privateNetwork })
      reached.set(id, guarded)
      return guarded.fetch
    },
    create: (upstream, claimed, { at, ip }) =>
      parts.directory.judgeAndWrite(() => createUser(upstream, { claimed, ip, parts }, at)),
    async update(upstream, user, claims) {
      // A user whose earlier sign-in was interrupted after the change may not change again.
      await parts.completeChanges()
      await parts.directory.judgeAndWrite(async () => {
        if ((await claims.isNewest?.()) !== false) await updateUser(upstream, user, { ...claims, parts })
      })
    },
    async close() {
      await Promise.all([...reached.values()].map((guarded) => guarded.close()))
    },
  }
}

/** The claims that describe a user, in the form of a definition. */
function describeUser({ username, email, emailVerified, name, groups = [] }: UpstreamUser) {
  return {
    username,
    ...(email === undefined ? {} : { email, emailVerified }),
    ...(name === undefined ? {} : { name }),
    groups: [...groups],
  }
}

/** The provider that users come from */
type Source = Pick<UpstreamDefinition, 'id'>

/** A user who just signed in there */
interface Arrival {
  readonly claimed: UpstreamUser
  /** Address of the browser */
  readonly ip?: string | undefined
  readonly parts: UpstreamParts
}

async function createUser(
  upstream: Source,
  { claimed, ip, parts }: Arrival,
  at: EpochMs,
): Promise<User | undefined> {
  const link = { upstream: upstream.id, subject: claimed.subject, created: true, at }
  // Another sign-in of the user may have been faster.
  if ((await parts.storage.upstreamLinks.find(link.upstream, link.subject)) !== undefined) return undefined
  const described = describeUser(claimed)
  const groups = limitGroups(upstream, described.groups, { before: [], parts })
  const parsed = zUser.safeParse({ id: newId('usr'), ...described, groups })
  if (!parsed.success) return undefined
  const { password: _password, totpSecret: _secret, ...made } = parsed.data
  const saved = await save(upstream, { ...made, hasPassword: false }, { before: undefined, link, ip, parts })
  return saved ? made : undefined
}

async function updateUser(upstream: Source, { id }: User, { claimed, ip, parts }: Arrival): Promise<void> {
  const item = (await parts.directory.current().users.items.find([id])).get(id)
  if (item?.owner !== 'database') return
  const before = item.definition
  const { groups: named, username = before.username, ...names } = describeUser(claimed)
  const groups = limitGroups(upstream, named, { before: before.groups, parts })
  const kept = { ...before, groups: claimed.groups === undefined ? before.groups : groups }
  const renamed = before.directory === undefined ? { ...kept, ...names, username } : kept
  // Users may edit their names at the provider: one that cannot be used here must not preserve a removed group.
  // Names from a directory stay: the provider must not overwrite them.
  for (const wanted of new Set([renamed, kept])) {
    const { success, data } = zUser.omit({ password: true, totpSecret: true }).loose().safeParse(wanted)
    if (!success) continue
    const after = { ...before, ...data } as UserRecord
    if (JSON.stringify(sorted(before)) === JSON.stringify(sorted(after))) return
    if (await save(upstream, after, { before: item, ip, parts })) return
  }
}

/** As for a directory, the operator decides which admin roles the groups of a provider may give. */
function limitGroups(
  { id }: Source,
  groups: readonly string[],
  { before, parts: { configuration } }: Pick<Arrival, 'parts'> & { readonly before: readonly string[] },
): readonly string[] {
  const { admin, idp } = configuration
  const provider =
    idp?.upstream.find((one) => one.id === id) ?? idp?.subjectIssuers.find(({ issuer }) => issuer === id)
  return dropGroupsAbove(groups, before, { roles: admin?.roles, ceiling: provider?.role ?? 'none' })
}

function sorted(user: UserRecord): unknown {
  return Object.entries(user).sort(([a], [b]) => a.localeCompare(b))
}

interface Saving extends Pick<Arrival, 'ip' | 'parts'> {
  readonly before: Item<UserRecord> | undefined
  /** Without it, a created user could not sign in again: another one of the same name cannot be created. */
  readonly link?: NewUpstreamLink
}

/** @returns whether it was saved; false if it conflicts with another user */
async function save(
  { id: upstreamId }: Source,
  definition: UserRecord,
  { before, link, ip, parts }: Saving,
): Promise<boolean> {
  const { directory, configuration, clock } = parts
  const candidate = { collection: 'users', definition } as const
  const { own, others } = await checkCandidate(directory.current(), candidate, configuration)
  if (own.length > 0 || others.length > 0) return false
  const change = { collection: 'users', before: before?.definition, after: definition } as const
  const by = `upstream:${upstreamId}`
  const at = clock.nowMs()
  const context = contextOf(by, ip)
  const buildEvent = buildObjectEvent(context, at, {
    verb: before === undefined ? 'created' : 'changed',
    collection: 'users',
    id: definition.id,
    before: before && showDefinition('users', before.definition),
    after: showDefinition('users', definition),
  })
  const outcome = await directory.put({
    collection: 'users',
    id: definition.id,
    ifRevision: before?.revision ?? 0,
    at,
    by,
    body: definition,
    ...(link === undefined ? {} : { upstreamLink: link }),
    event: (revision) => asSystem(buildEvent(revision), by),
    securityEvents: await parts.signals.buildEventsOfChanges([{ ...change, at }]),
  })
  if (outcome.ok) await revokeUnassigned({ parts, context, collection: 'users' }, change)
  return outcome.ok
}

function contextOf(by: string, ip: string | undefined) {
  const caller = { id: by, role: 'owner' as const }
  return { caller, reason: undefined, ifMatch: undefined, headers: new Headers(), ip }
}

/** Attributed to the system: no administrator made this change. */
function asSystem({ log, event }: LoggedEvent, by: string): LoggedEvent {
  const source = { ...event.source, interface: 'sign-in' as const }
  return { log, event: { ...event, actor: { kind: 'system', id: by }, source } }
}
