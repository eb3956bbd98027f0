// Tiles for a server that only redeems ID-JAGs: decisions, live access, trusted issuers, keys.
import { MAX_PAGE } from '@crosswalk/admin-api'
import { DAY_MS } from '@crosswalk/protocol'
import { Link } from '@tanstack/react-router'
import type { UseQueryResult } from '@tanstack/react-query'
import type { ReactNode } from 'react'

import { useApi } from '../../api/queries.ts'
import { StateChip } from '../../components/chips.tsx'
import { useCan } from '../../session/session.tsx'
import { countText, formatNumber, text } from '../../texts/text.ts'
import { SEVERITIES } from '../recommendations/recommendation-types.ts'
import { SeverityChip } from '../recommendations/severity-chip.tsx'
import { formatClock, RelativeTime } from '../../components/time.tsx'
import { useNow } from '../../hooks/use-now.ts'
import { Loaded, Loading } from '../../components/states.tsx'

const ALL = { query: { limit: MAX_PAGE } } as const

export function ResourceTiles() {
  const can = useCan()
  return (
    <div className="cw-tiles cw-section">
      {can('access-tokens.list') ? <LiveAccessTile /> : null}
      {can('authorization-servers.list') ? <TrustTile /> : null}
      {can('recommendations.list') ? <RecommendationsTile /> : null}
      {can('keys.list') ? <KeysTile /> : null}
    </div>
  )
}

function LiveAccessTile() {
  const query = useApi('access-tokens.list', ALL)
  return (
    <Tile title={text('servers.live')} query={query} to="/live-access">
      {({ body: { items, next } }) => (
        <>
          <Figure>{atLeast(items.length, next)}</Figure>
          <p className="cw-quiet-text">
            {describeAccounts(new Set(items.map(({ account }) => account)).size, next)}
          </p>
        </>
      )}
    </Tile>
  )
}

function describeAccounts(count: number, next: string | null): string {
  return count === 1 && next === null
    ? text('tile.liveForOne')
    : text('tile.liveFor', { count: atLeast(count, next) })
}

function TrustTile() {
  const query = useApi('authorization-servers.list', ALL)
  return (
    <Tile title={text('nav.issuers')} query={query} to="/settings/issuers">
      {({ body: { items, next } }) => {
        const trusting = items.filter(({ trustedIssuers }) => trustedIssuers.some(({ active }) => active))
        const trusted = new Set(
          items.flatMap(({ trustedIssuers }) =>
            trustedIssuers.filter(({ active }) => active).map(({ issuer }) => issuer),
          ),
        )
        const alone = items.length - trusting.length
        return (
          <>
            <Figure>{atLeast(trusted.size, next)}</Figure>
            <p>
              {alone === 0 ? (
                <StateChip state="ok" label={text('tile.allTrust')} />
              ) : (
                <StateChip
                  state="warn"
                  label={countText('tile.trustsNobodyOne', 'tile.trustsNobody', alone)}
                />
              )}
            </p>
          </>
        )
      }}
    </Tile>
  )
}

/** Open recommendations by severity. */
function RecommendationsTile() {
  const query = useApi('recommendations.list', { query: { limit: 1 } })
  return (
    <Tile title={text('word.recommendations')} query={query} to="/recommendations">
      {({ body: { open } }) => {
        const count = open.critical + open.warning + open.info
        return (
          <>
            <Figure>{formatNumber(count)}</Figure>
            {count === 0 ? (
              <p>
                <StateChip state="ok" label={text('tile.noRecommendations')} />
              </p>
            ) : (
              <ul className="cw-plain-list">
                {SEVERITIES.filter((severity) => open[severity] > 0).map((severity) => (
                  <li key={severity} className="cw-row">
                    <Link to="/recommendations" search={{ severity }} className="cw-plain-link">
                      <SeverityChip severity={severity} />
                    </Link>
                    <span>{formatNumber(open[severity])}</span>
                  </li>
                ))}
              </ul>
            )}
          </>
        )
      }}
    </Tile>
  )
}

/** A partial count is marked as such. */
function atLeast(count: number, next: string | null): string {
  return next === null ? formatNumber(count) : `${formatNumber(count)}+`
}

const OLD_KEY_MS = 180 * DAY_MS

function KeysTile() {
  const query = useApi('keys.list', ALL)
  const now = useNow()
  return (
    <Tile title={text('nav.keys')} query={query} to="/settings/keys">
      {({ body: { items, next } }) => {
        const current = items.filter(({ state }) => state === 'current')
        const oldest = current.map(({ createdAt }) => createdAt).sort()[0]
        const old = oldest !== undefined && now - Date.parse(oldest) > OLD_KEY_MS
        return (
          <>
            <Figure>{atLeast(current.length, next)}</Figure>
            <p>
              <StateChip state={old ? 'warn' : 'ok'} label={text(old ? 'tile.keysOld' : 'tile.keysFine')} />
            </p>
            <p className="cw-quiet-text">
              {text('tile.oldestKey')} <RelativeTime moment={oldest} />
            </p>
          </>
        )
      }}
    </Tile>
  )
}

interface TileProps<T> {
  readonly title: string
  readonly query: UseQueryResult<T>
  /** The list behind the figure; undefined if it has no page */
  readonly to?: string
  readonly children: (data: T) => ReactNode
}

/** One figure with its period, age, and a link to its list. */
function Tile<T>({ title, query, to, children }: TileProps<T>) {
  return (
    <section className="cw-card cw-tile">
      <h2>{to === undefined ? title : <Link to={to}>{title}</Link>}</h2>
      <Loaded query={query} skeleton={<Loading lines={2} />}>
        {(data) => (
          <>
            {children(data)}
            <p className="cw-fresh">{text('tile.asOf', { time: formatClock(query.dataUpdatedAt) })}</p>
          </>
        )}
      </Loaded>
    </section>
  )
}

function Figure({ children }: { readonly children: ReactNode }) {
  return <p className="cw-figure">{children}</p>
}
