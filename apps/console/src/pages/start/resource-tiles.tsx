// The tiles of a server that redeems ID-JAGs and issues none: decisions, live access, trusted issuers, keys.
import { useApi } from '../../api/queries.ts'
import { StateChip } from '../../components/chips.tsx'
import { useCan } from '../../session/session.tsx'
import { countText, formatNumber, text } from '../../texts/text.ts'
import { RecommendationsTile } from './recommendations-tile.tsx'
import { Figure, Tile } from './tile.tsx'
import { atLeast, KeysTile } from './tiles.tsx'

const ALL = { query: { limit: 200 } } as const

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
    <Tile title={text('tile.liveAccess')} query={query} to="/live-access">
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
    <Tile title={text('tile.trust')} query={query} to="/settings/issuers">
      {({ body: { items } }) => {
        const trusting = items.filter(({ trustedIssuers }) => trustedIssuers.some(({ active }) => active))
        const trusted = new Set(
          items.flatMap(({ trustedIssuers }) =>
            trustedIssuers.filter(({ active }) => active).map(({ issuer }) => issuer),
          ),
        )
        const alone = items.length - trusting.length
        return (
          <>
            <Figure>{formatNumber(trusted.size)}</Figure>
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
