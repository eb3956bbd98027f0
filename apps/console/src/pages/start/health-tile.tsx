// Whether what happens here reaches those who are to know of it: streams of audit events, and of security events.
import { Link } from '@tanstack/react-router'
import type { AnswerTo } from '@crosswalk/admin-api'
import type { ReactNode } from 'react'

import { useApi } from '../../api/queries.ts'
import { StateChip } from '../../components/chips.tsx'
import { ErrorState } from '../../components/states.tsx'
import { formatSpan } from '../../components/time.tsx'
import { useCan } from '../../session/session.tsx'
import { countText, text } from '../../texts/text.ts'
import { judgeStreams, type StreamHealth } from './judge-streams.ts'
import { Tile } from './tile.tsx'

type AuditStreams = AnswerTo<'audit-streams.list'>

export function HealthTile() {
  const query = useApi('audit-streams.list', {})
  const can = useCan()
  return (
    <Tile title={text('tile.health')} query={query} to="/settings/audit-streams">
      {({ body }: { readonly body: AuditStreams }) => (
        <>
          <Health
            label={text('tile.auditStreams')}
            health={judgeStreams(
              body.items.map(({ state, lagSeconds }) => ({
                lagSeconds,
                failing: state === 'failing',
                behind: state === 'behind',
              })),
            )}
          />
          {can('security-event-streams.list') ? <SecurityEvents /> : null}
        </>
      )}
    </Tile>
  )
}

function SecurityEvents() {
  const query = useApi('security-event-streams.list', { query: { limit: 200 } })
  if (query.data === undefined) return query.error === null ? null : <ErrorState error={query.error} />
  const { items, next } = query.data.body
  const health = judgeStreams(
    items
      .filter(({ status }) => status === 'enabled')
      .map(({ pending, lagSeconds, lastError }) => ({
        lagSeconds,
        failing: lastError !== null,
        behind: pending > 0,
      })),
  )
  return (
    <Health
      label={<Link to="/settings/event-streams">{text('tile.eventStreams')}</Link>}
      health={health}
      more={next !== null}
    />
  )
}

interface HealthProps {
  readonly label: ReactNode
  readonly health: StreamHealth
  /** There are streams that were not looked at: that all is well is not said */
  readonly more?: boolean
}

function Health({ label, health: { count, failing, behind, lagSeconds }, more = false }: HealthProps) {
  return (
    <div className="cw-tile-line">
      <span>{label}</span>{' '}
      {count === 0 ? (
        <span className="cw-quiet-text">{text('tile.noStreams')}</span>
      ) : failing > 0 ? (
        <StateChip state="deny" label={countText('tile.failingOne', 'tile.failing', failing)} />
      ) : behind > 0 ? (
        <StateChip state="warn" label={text('tile.behind', { span: formatSpan(lagSeconds * 1000) })} />
      ) : more ? (
        <span className="cw-quiet-text">{text('tile.firstWell')}</span>
      ) : (
        <StateChip state="ok" label={text('tile.upToDate')} />
      )}
    </div>
  )
}
