// The difference between two lists of apps that can act for a user.
import type { AnswerTo } from '@crosswalk/admin-api'

type Reach = Pick<
  AnswerTo<'reach.what'>['items'][number],
  'app' | 'connection' | 'resourceApp' | 'resource' | 'scopes' | 'afterStepUp'
>

export interface ReachChange {
  readonly app: string
  readonly connection: string
  readonly resourceApp: string
  readonly resource: string
  /** Scopes, including those that require a step-up */
  readonly gained: readonly string[]
  readonly lost: readonly string[]
  /** Whether any gained scope requires a step-up */
  readonly afterStepUp: boolean
}

/** @returns access that would be gained, lost or changed, in response order */
export function compareReach(now: readonly Reach[], then: readonly Reach[]): readonly ReachChange[] {
  const before = new Map(now.map((reach) => [reachKey(reach), reach]))
  const after = new Map(then.map((reach) => [reachKey(reach), reach]))
  return [...new Map([...before, ...after]).entries()].flatMap(([key, reach]) => {
    const had = listScopes(before.get(key))
    const has = listScopes(after.get(key))
    const gained = has.filter((scope) => !had.includes(scope))
    const lost = had.filter((scope) => !has.includes(scope))
    // Access may be gained or lost without scopes.
    if (gained.length + lost.length === 0 && before.has(key) === after.has(key)) return []
    const stepUps = after.get(key)?.afterStepUp.flatMap(({ scopes }) => scopes) ?? []
    const { app, connection, resourceApp, resource = '' } = reach
    return [
      {
        app,
        connection,
        resourceApp,
        resource,
        gained,
        lost,
        afterStepUp: gained.some((scope) => stepUps.includes(scope)),
      },
    ]
  })
}

function reachKey({ connection, resource = '' }: Reach): string {
  return `${connection} ${resource}`
}

function listScopes(reach: Reach | undefined): readonly string[] {
  if (reach === undefined) return []
  return [...new Set([...reach.scopes, ...reach.afterStepUp.flatMap(({ scopes }) => scopes)])]
}
