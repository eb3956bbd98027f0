// What needs an administrator's attention; empty if all is well.
import { useCan, useSession } from '../../session/session.tsx'
import { formatNumber, text, type TextCode } from '../../texts/text.ts'
import { findStreamHealth } from './stream-health.ts'
import { useApiIfAllowed } from '../../session/use-api-if-allowed.ts'

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
const MAX_ITEMS = 200

export function useAttention(): Attention {
  const isIdp = useSession().issuer !== undefined
  const can = useCan()
  const requests = useApiIfAllowed(
    'access-requests.list',
    { query: { state: 'open', limit: MAX_ITEMS } },
    { enabled: isIdp && can('access-requests.approve') },
  )
  const ending = useApiIfAllowed(
    'connection-usage.list',
    { query: { expiringWithinDays: SOON_DAYS, countDays: 0, limit: MAX_ITEMS } },
    { enabled: isIdp },
  )
  const agents = useApiIfAllowed(
    'apps.list',
    { query: { kind: 'agent', limit: MAX_ITEMS } },
    { enabled: isIdp },
  )
  const recommendations = useApiIfAllowed('recommendations.list', { query: { limit: 1 } })
  const blocks = useApiIfAllowed('blocks.list', { query: { limit: MAX_ITEMS } }, { enabled: isIdp })
  const delivery = useApiIfAllowed('audit-streams.list', {})
  const events = useApiIfAllowed(
    'security-event-streams.list',
    { query: { limit: MAX_ITEMS } },
    { enabled: isIdp },
  )
  const queries = [requests, ending, agents, recommendations, blocks, delivery, events]
  const items = [
    count('requests', '/inbox', sizeOf(requests.data?.body)),
    count('ending', '/inbox', sizeOf(ending.data?.body)),
    count(
      'unowned',
      '/agents',
      sizeOf(agents.data?.body, ({ owners }) => owners.length === 0),
    ),
    count('delivery', '/settings/audit-streams', exactly(countFailing(delivery.data?.body.items)), true),
    count('events', '/settings/event-streams', sizeOf(events.data?.body, isStuck), true),
    count('critical', '/recommendations', exactly(recommendations.data?.body.open.critical), true),
    count('warnings', '/recommendations', exactly(recommendations.data?.body.open.warning)),
    count(
      'blocks',
      '/blocks',
      sizeOf(blocks.data?.body, ({ active }) => active),
    ),
  ]
  return {
    items: items.filter((item) => item !== undefined),
    loading: queries.some(({ isLoading }) => isLoading),
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
  page: { readonly items: readonly T[]; readonly next: string | null } | undefined,
  concerns: (item: T) => boolean = () => true,
): Size | undefined {
  if (page === undefined) return undefined
  return { count: page.items.filter(concerns).length, isLeast: page.next !== null }
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
