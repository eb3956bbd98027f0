// Which connections currently let an app act for a user, according to the evaluator of the token endpoint; and those
// that the user stopped.
import { runSteps } from '@crosswalk/as-core'
import type { OwnConnection } from '@crosswalk/idp'
import {
  applyAccessGrants,
  ASSUMED_KEY,
  type Block,
  hasEnded,
  type Reach,
  stepReach,
} from '@crosswalk/policy'

import { countVolumes } from '../simulate/count-volume.ts'
import type { Parts } from '../parts.ts'
import type { StandingBlock } from '../respond/standing-blocks.ts'
import { describeScopes } from './describe-scopes.ts'
import { nameOwners } from './name-owners.ts'

/** Limits the paths judged for one user. */
const PAGING = { limit: 500, mostJudged: 2000 }

export async function listOwnConnections(
  parts: Parts<'directory' | 'storage' | 'clock'>,
  userId: string,
): Promise<readonly OwnConnection[]> {
  const reached = Map.groupBy(await findOwnReach(parts, userId), ({ connection }) => connection)
  const stopped = listStops(parts, userId)
  const uses = await parts.storage.connectionUses.readForUser(userId)
  const granted = await findGranted(parts, userId)
  const ids = [...new Set([...reached.keys(), ...stopped.map(({ target }) => target)])]
  const described = (await Promise.all(ids.map((id) => describeConnection(parts, id)))).filter(
    (one) => one !== undefined,
  )
  const shown = described.map((one) => {
    const id = one.connection
    const reaches = reached.get(id) ?? []
    const stop = stopped.find(({ target }) => target === id)
    const scopes = unique(reaches.flatMap((reach) => reach.scopes))
    const afterSignIn = unique(reaches.flatMap((reach) => reach.afterStepUp.flatMap((it) => it.scopes)))
    const { resourceApp } = parts.directory.current().world.connections.get(id)?.definition ?? {}
    const describeThere = (names: readonly string[]) => describeScopes(parts, resourceApp ?? '', names)
    return {
      ...one,
      scopes: describeThere(scopes),
      afterSignIn: describeThere(afterSignIn.filter((scope) => !scopes.includes(scope))),
      use: uses.get(id),
      approvedAt: granted.get(id)?.approvedAt,
      until: firstOf(one.until, granted.get(id)?.until),
      stoppedAt: stop === undefined ? undefined : Date.parse(stop.since),
    }
  })
  return shown.sort((one, other) => nameOf(one).localeCompare(nameOf(other)))
}

/** @returns the user's own block of a connection, while it is active */
export function findStop(
  parts: Parts<'directory' | 'clock'>,
  userId: string,
  connection: string,
): StandingBlock | undefined {
  return listStops(parts, userId).find(({ target }) => target === connection)
}

function listStops(
  { directory, clock }: Parts<'directory' | 'clock'>,
  userId: string,
): readonly StandingBlock[] {
  const isOwn = ({ kind, onlyFor, by, until }: Block) =>
    kind === 'connection' && onlyFor === userId && by === userId && !hasEnded(until, clock.nowMs() / 1000)
  return [...directory.current().world.blocks.values()].filter(isOwn) as StandingBlock[]
}

/** Evaluated as if the user had just signed in; scopes that need a stronger sign-in are separate. */
async function findOwnReach(
  parts: Parts<'directory' | 'storage' | 'clock'>,
  user: string,
): Promise<readonly Reach[]> {
  const { exchange: snapshot, users } = parts.directory.current()
  if (snapshot === undefined) return []
  const found = await users.findForExchange([user], snapshot.comparedSources)
  const nowMs = parts.clock.nowMs()
  const volumeOf = await countVolumes(parts, snapshot, { user, nowMs })
  const signIn = { authTime: Math.floor(nowMs / 1000), dpopThumbprint: ASSUMED_KEY }
  const steps = stepReach({ user }, { snapshot, users: found, nowMs, volumeOf }, PAGING, signIn)
  return (await runSteps(steps)).items
}

interface Granted {
  readonly approvedAt: number
  /** End of the last grant; undefined if one has no end, or the user also has access without a grant */
  readonly until: number | undefined
}

/** @returns the user's access from active grants, by connection */
async function findGranted(
  { directory, clock }: Parts<'directory' | 'clock'>,
  userId: string,
): Promise<ReadonlyMap<string, Granted>> {
  const { world, exchange, users } = directory.current()
  const user = await users.findById(userId)
  if (exchange === undefined || user === undefined) return new Map()
  return new Map(
    [...exchange.connections.values()].flatMap((connection) => {
      const resourceApp = exchange.resourceApps.get(connection.resourceApp)
      if (resourceApp === undefined) return []
      const question = { user, resourceApp, grants: exchange.accessGrants, now: clock.nowMs() / 1000 }
      const { access } = applyAccessGrants(connection, question)
      if (access === undefined) return []
      const ends = access.grants.map(({ endsAt }) => endsAt ?? Number.POSITIVE_INFINITY)
      const last = access.assignedScopes.length > 0 ? Number.POSITIVE_INFINITY : Math.max(...ends)
      const approved = access.grants.map(({ id }) => Date.parse(world.accessGrants.get(id)?.at ?? ''))
      const until = Number.isFinite(last) ? last * 1000 : undefined
      return [[connection.id, { approvedAt: Math.max(...approved), until }] as const]
    }),
  )
}

function firstOf(...moments: readonly (number | undefined)[]): number | undefined {
  const known = moments.filter((moment) => moment !== undefined)
  return known.length === 0 ? undefined : Math.min(...known)
}

type Described = Pick<OwnConnection, 'connection' | 'app' | 'resourceApp' | 'until'>

async function describeConnection(parts: Parts<'directory'>, id: string): Promise<Described | undefined> {
  const { world } = parts.directory.current()
  const connection = world.connections.get(id)?.definition
  if (connection === undefined) return undefined
  const app = world.apps.get(connection.app)?.definition
  const target = world['resource-apps'].get(connection.resourceApp)?.definition
  return {
    connection: id,
    app: {
      ...{ name: app?.name ?? connection.app, kind: app?.kind ?? 'web', purpose: app?.purpose },
      owners: await nameOwners(parts, connection.app),
    },
    resourceApp: { name: target?.name ?? connection.resourceApp },
    until: connection.expiresAt === undefined ? undefined : Date.parse(connection.expiresAt),
  }
}

function nameOf({ app, resourceApp }: Pick<OwnConnection, 'app' | 'resourceApp'>): string {
  return `${app.name} ${resourceApp.name}`
}

function unique(values: readonly string[]): readonly string[] {
  return [...new Set(values)]
}
