// Which connections let an app act for a person as things are, by the evaluator of the token endpoint; and those that
// the person stopped.
import type { OwnConnection } from '@crosswalk/idp'
import { type Block, findReach, parseMoment, type Reach } from '@crosswalk/policy'

import { listRequests } from '../admin/access-request-records.ts'
import { countVolumes } from '../admin/count-volume.ts'
import type { AdminParts } from '../admin/parts.ts'
import type { StandingBlock } from '../admin/standing-blocks.ts'

/** Ways for one person that are looked at: other callers wait meanwhile. */
const PAGING = { limit: 500, mostJudged: 2000 }

/** Stands for the thumbprint of a key that the app may have. */
const ASSUMED_KEY = 'assumed'

export async function listOwnConnections(
  parts: AdminParts,
  userId: string,
): Promise<readonly OwnConnection[]> {
  const reached = Map.groupBy(await findOwnReach(parts, userId), ({ connection }) => connection)
  const stopped = listStops(parts, userId)
  const uses = await parts.storage.connectionUses.readForPerson(userId)
  const approvals = await findApprovals(parts, userId)
  const ids = [...new Set([...reached.keys(), ...stopped.map(({ target }) => target)])]
  const shown = ids.flatMap((id) => {
    const described = describeConnection(parts, id)
    if (described === undefined) return []
    const ways = reached.get(id) ?? []
    const stop = stopped.find(({ target }) => target === id)
    const scopes = unique(ways.flatMap((way) => way.scopes))
    return [
      {
        ...described,
        scopes,
        afterSignIn: unique(ways.flatMap(({ afterStepUp }) => afterStepUp.flatMap((it) => it.scopes))).filter(
          (scope) => !scopes.includes(scope),
        ),
        use: uses.get(id),
        approvedAt: approvals.get(id),
        stoppedAt: stop === undefined ? undefined : Date.parse(stop.since),
      },
    ]
  })
  return shown.sort((one, other) => nameOf(one).localeCompare(nameOf(other)))
}

/** @returns the person's own stop of a connection, while it stands */
export function findStop(parts: AdminParts, userId: string, connection: string): StandingBlock | undefined {
  return listStops(parts, userId).find(({ target }) => target === connection)
}

function listStops({ directory, clock }: AdminParts, userId: string): readonly StandingBlock[] {
  const isOwn = ({ kind, onlyFor, by, until }: Block) =>
    kind === 'connection' &&
    onlyFor === userId &&
    by === userId &&
    (parseMoment(until) ?? Number.POSITIVE_INFINITY) > clock.nowMs() / 1000
  return [...directory.current().world.blocks.values()].filter(isOwn) as StandingBlock[]
}

/** As if the person had just signed in: what needs a stronger sign-in is told apart. */
async function findOwnReach(parts: AdminParts, user: string): Promise<readonly Reach[]> {
  const { exchange: snapshot, people } = parts.directory.current()
  const person = people.get(user)
  if (snapshot === undefined || person === undefined) return []
  const nowMs = parts.clock.nowMs()
  const volumeOf = await countVolumes(parts, snapshot, { user, nowMs })
  const signIn = { authTime: Math.floor(nowMs / 1000), dpopThumbprint: ASSUMED_KEY }
  return findReach({ user }, { snapshot, people: new Map([[user, person]]), nowMs, volumeOf }, PAGING, signIn)
    .items
}

/** @returns when requests of the person that are in force were approved, by connection */
async function findApprovals(parts: AdminParts, userId: string): Promise<ReadonlyMap<string, number>> {
  const requests = await listRequests(parts)
  return new Map(
    requests.flatMap(({ user, state, granted, decidedAt }) =>
      user === userId && state === 'approved' && granted !== undefined && decidedAt !== undefined
        ? [[granted.connection, Date.parse(decidedAt)] as const]
        : [],
    ),
  )
}

type Described = Pick<OwnConnection, 'connection' | 'app' | 'resourceApp' | 'until'>

function describeConnection({ directory }: AdminParts, id: string): Described | undefined {
  const { world } = directory.current()
  const connection = world.connections.get(id)?.definition
  if (connection === undefined) return undefined
  const app = world.apps.get(connection.app)?.definition
  const target = world['resource-apps'].get(connection.resourceApp)?.definition
  return {
    connection: id,
    app: { name: app?.name ?? connection.app, kind: app?.kind ?? 'web' },
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
