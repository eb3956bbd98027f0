// Sorts the events of an agent, user or connection into lanes and time slices. Pure.
import type { AuditEvent } from '@crosswalk/protocol'

/** The used members of an audit event. */
export interface TimelineEvent {
  readonly log: string
  readonly chain: string
  readonly seq: number
  readonly time: string
  readonly type: string
  readonly category: string
  readonly outcome: string
  readonly reason?: string
  readonly decision_id?: string
  readonly actor?: { readonly kind: string; readonly id: string }
  readonly on_behalf_of?: { readonly user_ref?: string }
  readonly target?: { readonly kind: string; readonly id: string }
  readonly delegation?: { readonly connection?: string }
  readonly decision?: {
    readonly summary: { readonly admin: string }
    readonly narrowed: readonly unknown[]
    readonly request: { readonly subject?: { readonly ref?: string; readonly display?: string } }
  }
}

export const LANES = ['life', 'permission', 'allowed', 'refused', 'response'] as const
export type Lane = (typeof LANES)[number]

const LANE_OF: Readonly<Record<Exclude<AuditEvent['category'], 'decision'>, Lane>> = {
  lifecycle: 'life',
  people: 'life',
  session: 'life',
  system: 'life',
  audit: 'life',
  connection: 'permission',
  policy: 'permission',
  governance: 'permission',
  response: 'response',
}

export function laneOf({ category, outcome }: Pick<TimelineEvent, 'category' | 'outcome'>): Lane {
  if (category === 'decision') return outcome === 'allow' || outcome === 'success' ? 'allowed' : 'refused'
  return LANE_OF[category as keyof typeof LANE_OF] ?? 'life'
}

export interface Period {
  readonly fromMs: number
  readonly toMs: number
}

export const SLICES = 60

/** @returns per lane, the number of events in each slice of the period; events outside are ignored */
export function countByLane(
  events: readonly TimelineEvent[],
  { fromMs, toMs }: Period,
): Readonly<Record<Lane, readonly number[]>> {
  const empty = () => Array.from({ length: SLICES }, () => 0)
  const lanes: Record<Lane, number[]> = {
    life: empty(),
    permission: empty(),
    allowed: empty(),
    refused: empty(),
    response: empty(),
  }
  for (const event of events) {
    const at = Math.floor((SLICES * (Date.parse(event.time) - fromMs)) / (toMs - fromMs))
    const lane = lanes[laneOf(event)]
    const known = lane[at]
    if (known !== undefined) lane[at] = known + 1
  }
  return lanes
}

/** @returns each event once, newest first. Omits simulations, which are logged too. */
export function mergeEvents(...lists: readonly (readonly TimelineEvent[])[]): readonly TimelineEvent[] {
  const happened = lists.flat().filter(({ type }) => !type.startsWith('simulation.'))
  const unique = new Map(happened.map((event) => [`${event.chain} ${event.seq}`, event]))
  return [...unique.values()].sort((one, other) => Date.parse(other.time) - Date.parse(one.time))
}

/** @returns whether an admin event is about an app or one of its connections */
export function concernsApp(event: TimelineEvent, app: string, connections: ReadonlySet<string>): boolean {
  if (event.target?.kind === 'app' && event.target.id === app) return true
  return connections.has(event.delegation?.connection ?? '')
}
