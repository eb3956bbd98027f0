// What needs an administrator's attention; empty if all is well.
import type { RouteName } from '@crosswalk/admin-api'

import { useCan, useSession } from '../../session/session.tsx'
import { formatNumber, text, type TextCode } from '../../texts/text.ts'
import { findStreamHealth } from './stream-health.ts'
import { useApiIfAllowed } from '../../session/use-api-if-allowed.ts'
import { type CompleteList, useCompleteList } from '../../api/queries.ts'

export interface AttentionItem {
  readonly id: string
  readonly label: string
  readonly to: string
  readonly isUrgent: boolean
}

export interface Attention {
  readonly items: readonly AttentionItem[]
  readonly loading: boolean
  /** The first failed read */
  readonly error: Error | null
  retry(): void
}

const SOON_DAYS = 14

export function useAttention(): Attention {
  const isIdp = useSession().issuer !== undefined
  const can = useCan()
  const ask = (route: RouteName) => ({ enabled: isIdp && can(route) })
  const requests = useCompleteList('access-requests.list', { state: 'open' }, ask('access-requests.approve'))
  const ending = useCompleteList(
    'connection-usage.list',
    { expiringWithinDays: SOON_DAYS, countDays: 0 },
    ask('connection-usage.list'),
  )
  const agents = useCompleteList('apps.list', { kind: 'agent' }, ask('apps.list'))
  const recommendations = useApiIfAllowed('recommendations.list', { query: { limit: 1 } })
  const blocks = useCompleteList('blocks.list', {}, ask('blocks.list'))
  const delivery = useApiIfAllowed('audit-streams.list', {})
  const events = useCompleteList('security-event-streams.list', {}, ask('security-event-streams.list'))
  const lists = [requests, ending, agents, blocks, events]
  const queries = [recommendations, delivery, ...lists.map(({ query }) => query)]
  const items = [
    count('requests', '/inbox', sizeOf(requests)),
    count('ending', '/inbox', sizeOf(ending)),
    count(
      'unowned',
      '/agents',
      sizeOf(agents, ({ activeOwners }) => activeOwners.length === 0),
    ),
    count('delivery', '/settings/audit-streams', exactly(countFailing(delivery.data?.body.items)), true),
    count('events', '/settings/event-streams', sizeOf(events, isStuck), true),
    count('critical', '/recommendations', exactly(recommendations.data?.body.open.critical), true),
    count('warnings', '/recommendations', exactly(recommendations.data?.body.open.warning)),
    count(
      'blocks',
      '/blocks',
      sizeOf(blocks, ({ active }) => active),
    ),
  ]
  return {
    items: items.filter((item) => item !== undefined),
    loading: queries.some(({ isLoading }) => isLoading) || lists.some(({ isReading }) => isReading),
    error: queries.find(({ data, error }) => data === undefined && error !== null)?.error ?? null,
    retry: () => void Promise.all(queries.filter(({ isError }) => isError).map((query) => query.refetch())),
  }
}

interface Size {
  readonly count: number
  /** More exist that were not read */
  readonly isLeast: boolean
}

function sizeOf<T>(
  { items, isComplete }: CompleteList<T>,
  concerns: (item: T) => boolean = () => true,
): Size {
  return { count: items.filter(concerns).length, isLeast: !isComplete }
}

function exactly(count: number | undefined): Size | undefined {
  return count === undefined ? undefined : { count, isLeast: false }
}

type Kind = 'requests' | 'ending' | 'unowned' | 'delivery' | 'events' | 'critical' | 'warnings' | 'blocks'

function count(id: Kind, to: string, size: Size | undefined, isUrgent = false): AttentionItem | undefined {
  if (size === undefined || size.count === 0) return undefined
  const isOne = size.count === 1 && !size.isLeast
  const code: TextCode = isOne ? `attention.${id}One` : `attention.${id}`
  const label = text(code, { count: formatNumber(size.count) + (size.isLeast ? '+' : ''), days: SOON_DAYS })
  return { id, label, to, isUrgent }
}

interface AuditStream {
  readonly state: string
  readonly lagSeconds: number
}

function countFailing(streams: readonly AuditStream[] | undefined): number | undefined {
  if (streams === undefined) return undefined
  const { failing, behind } = findStreamHealth(
    streams.map(({ state, lagSeconds }) => ({
      lagSeconds,
      failing: state === 'failing',
      behind: state === 'behind',
    })),
  )
  return failing + behind
}

interface EventStream {
  readonly status: string
  readonly pending: number
  readonly lagSeconds: number
  readonly lastError: unknown
}

function isStuck({ status, pending, lagSeconds, lastError }: EventStream): boolean {
  if (status === 'removed') return true
  if (status !== 'enabled') return false
  const { failing, behind } = findStreamHealth([
    { lagSeconds, failing: lastError !== null, behind: pending > 0 },
  ])
  return failing + behind > 0
}
