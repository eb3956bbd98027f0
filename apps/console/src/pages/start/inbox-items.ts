// Pending items of all kinds as one queue, each with arrival and due date.
import type { AnswerTo } from '@crosswalk/admin-api'
import { DAY_MS } from '@crosswalk/protocol'

export type AccessRequest = AnswerTo<'access-requests.list'>['items'][number]
export type WaitingReviewItem = AnswerTo<'reviews.waiting'>['items'][number]
export type ExpiringConnection = AnswerTo<'connection-usage.list'>['items'][number]

export type WaitingRecommendation = AnswerTo<'recommendations.list'>['items'][number]

interface Waiting {
  /** Within the queue */
  readonly id: string
  /** RFC 3339 */
  readonly since: string | null
  /** RFC 3339; null for no due date */
  readonly due: string | null
}

export type InboxItem = Waiting &
  (
    | {
        readonly kind: 'request'
        /** Whether the signed-in user is named as one who decides */
        readonly isMine: boolean
        /** For the same access, oldest first */
        readonly requests: readonly [AccessRequest, ...AccessRequest[]]
      }
    | { readonly kind: 'review'; readonly waiting: WaitingReviewItem }
    | { readonly kind: 'expiring'; readonly connection: ExpiringConnection }
    | { readonly kind: 'recommendation'; readonly recommendation: WaitingRecommendation }
  )

/** Days before expiry at which a connection appears in the inbox of its owners. */
export const EXPIRING_DAYS = 14
/** Days after which the server expires a request. */
const REQUEST_DAYS = 14

/**
 * Requests of several users for the same access are one item.
 *
 * @param own - id of the signed-in user
 */
export function fromAccessRequests(requests: readonly AccessRequest[], own: string): readonly InboxItem[] {
  const oldestFirst = [...requests].sort((one, other) => compare(one.askedAt, other.askedAt))
  return [...Map.groupBy(oldestFirst, nameAccess).values()].flatMap(([first, ...others]) => {
    if (first === undefined) return []
    const { id, askedAt, asked } = first
    const due = asked?.escalation?.at ?? addDays(askedAt, REQUEST_DAYS)
    const all = [first, ...others] as const
    const isMine = all.some((request) => request.asked?.users.includes(own) === true)
    return [{ kind: 'request', id, since: askedAt, due, isMine, requests: all } as const]
  })
}

/** @returns other requests for the access that this one is for, of other users or for other reasons */
export function findSameRequests(
  request: AccessRequest,
  requests: readonly AccessRequest[],
): readonly AccessRequest[] {
  const access = nameAccess(request)
  return requests.filter((other) => other.id !== request.id && nameAccess(other) === access)
}

/** With what approvers see of it: a request is another one if its scopes have another meaning. */
function nameAccess({ app, resourceApp, scopes, days, held }: AccessRequest): string {
  return JSON.stringify([app, resourceApp, [...scopes].sort(), days, held])
}

export function fromReviewItem(waiting: WaitingReviewItem): InboxItem {
  const { review, item } = waiting
  const id = `review:${review.id}:${item.connection}`
  return { kind: 'review', id, since: review.openedAt, due: review.dueAt, waiting }
}

export function fromExpiringConnection(connection: ExpiringConnection): InboxItem {
  const due = connection.expiresAt
  const since = due === null ? null : addDays(due, -EXPIRING_DAYS)
  return { kind: 'expiring', id: `expiring:${connection.connection}`, since, due, connection }
}

export function fromRecommendation(recommendation: WaitingRecommendation): InboxItem {
  return {
    kind: 'recommendation',
    id: recommendation.id,
    since: recommendation.since,
    due: null,
    recommendation,
  }
}

/** What the user was asked by name first; then by due date, items without one last, then oldest first. */
export function sortQueue(items: readonly InboxItem[]): readonly InboxItem[] {
  return [...items].sort(
    (one, other) =>
      Number(isAsked(other)) - Number(isAsked(one)) ||
      compare(one.due, other.due) ||
      compare(one.since, other.since),
  )
}

function isAsked(item: InboxItem): boolean {
  return item.kind === 'request' && item.isMine
}

function compare(one: string | null, other: string | null): number {
  if (one === null || other === null) return Number(one === null) - Number(other === null)
  return Date.parse(one) - Date.parse(other)
}

function addDays(moment: string, days: number): string {
  return new Date(Date.parse(moment) + days * DAY_MS).toISOString()
}
