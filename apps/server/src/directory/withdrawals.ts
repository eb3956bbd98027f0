// What operational acts take back of the grants that are out: by client, subject and resource, since an ID-JAG does not
// name its connection. Used to refuse their redemption here, and to withdraw access tokens born of them.
import type { Block, Withdrawal } from '@crosswalk/policy'
import { type Person, readUserSource } from '@crosswalk/policy'
import type { ConnectionDefinition, ResourceAppDefinition } from '@crosswalk/protocol'

import { type Hold, holdId, type Item, type World } from './records.ts'

/** What of one authorization server an act reaches. */
export interface Reach extends Omit<Withdrawal, 'id' | 'until'> {
  /** Issuer of the authorization server */
  readonly audience: string
}

export interface ReachParts {
  readonly world: Pick<World, 'connections' | 'resource-apps'>
  /** The IdP's issuer identifier */
  readonly issuer: string
  /** As the exchange makes it */
  pairwise(audience: string, userId: string): string
}

export function reachOfConnection(
  { resourceApp, clientId, resources }: ConnectionDefinition,
  { world, issuer }: ReachParts,
): readonly Reach[] {
  const target = world['resource-apps'].get(resourceApp)?.definition
  if (target === undefined || clientId === undefined) return []
  return [{ audience: target.issuer, issuer, clientId, ...(resources.length === 0 ? {} : { resources }) }]
}

export function reachOfApp(app: string, parts: ReachParts): readonly Reach[] {
  return [...parts.world.connections.values()]
    .filter(({ definition }) => definition.app === app)
    .flatMap(({ definition }) => reachOfConnection(definition, parts))
}

export function reachOfUser(user: Person, { world, issuer, pairwise }: ReachParts): readonly Reach[] {
  const reached = [...world['resource-apps'].values()].flatMap(({ definition }) => {
    const subject = readSubject(definition, user, pairwise)
    return subject === undefined ? [] : [{ audience: definition.issuer, issuer, subject }]
  })
  return [...new Map(reached.map((reach) => [JSON.stringify(reach), reach])).values()]
}

/** @returns the `sub` by which an authorization server knows a person */
export function readSubject(
  { subject, issuer }: ResourceAppDefinition,
  user: Person,
  pairwise: ReachParts['pairwise'],
): string | undefined {
  if (subject === 'pairwise') return pairwise(issuer, user.id)
  const value = readUserSource(subject, user)
  return value === undefined ? undefined : String(value)
}

type Act = Pick<Block, 'id' | 'kind' | 'target' | 'onlyFor' | 'until'>

/** @returns what is withdrawn at every authorization server, by its issuer */
export function listWithdrawals(
  { holds, blocks }: Pick<World, 'holds' | 'blocks'>,
  people: ReadonlyMap<string, Person>,
  parts: ReachParts,
): ReadonlyMap<string, readonly Withdrawal[]> {
  const acts: readonly Act[] = [...[...holds.values()].flatMap(toAct), ...blocks.values()]
  const withdrawals = acts.flatMap((act) =>
    reachOfAct(act, people, parts).map(({ audience, ...reach }) => ({
      audience,
      withdrawal: { id: act.id, ...reach, ...(act.until === undefined ? {} : { until: act.until }) },
    })),
  )
  const byAudience = Map.groupBy(withdrawals, ({ audience }) => audience)
  return new Map(
    [...byAudience].map(([audience, list]) => [audience, list.map(({ withdrawal }) => withdrawal)]),
  )
}

/** A suspended connection gives nothing new; what is out ends by itself. */
function toAct({ kind, target, state }: Hold): readonly Act[] {
  return kind === 'connection' && state === 'suspended' ? [] : [{ id: holdId(kind, target), kind, target }]
}

function reachOfAct(
  { onlyFor, ...act }: Act,
  people: ReadonlyMap<string, Person>,
  parts: ReachParts,
): readonly Reach[] {
  const reached = reachOfTarget(act, people, parts)
  if (onlyFor === undefined) return reached
  const person = people.get(onlyFor)
  const known = person === undefined ? [] : reachOfUser(person, parts)
  return reached.flatMap((reach) =>
    known
      .filter(({ audience }) => audience === reach.audience)
      .flatMap(({ subject }) => (subject === undefined ? [] : [{ ...reach, subject }])),
  )
}

function reachOfTarget(
  { kind, target }: Pick<Act, 'kind' | 'target'>,
  people: ReadonlyMap<string, Person>,
  parts: ReachParts,
): readonly Reach[] {
  switch (kind) {
    case 'connection': {
      const item: Item<ConnectionDefinition> | undefined = parts.world.connections.get(target)
      return item === undefined ? [] : reachOfConnection(item.definition, parts)
    }
    case 'app':
      return reachOfApp(target, parts)
    case 'user': {
      const user = people.get(target)
      return user === undefined ? [] : reachOfUser(user, parts)
    }
    case 'everything':
      return [...new Set([...parts.world['resource-apps'].values()].map((it) => it.definition.issuer))].map(
        (audience) => ({ audience, issuer: parts.issuer }),
      )
  }
}
