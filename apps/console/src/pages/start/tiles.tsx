// Figures of a server that issues no ID-JAGs: how old its signing keys are.
import { useApi } from '../../api/queries.ts'
import { StateChip } from '../../components/chips.tsx'
import { RelativeTime } from '../../components/time.tsx'
import { useNow } from '../../hooks/use-now.ts'
import { formatNumber, text } from '../../texts/text.ts'
import { Figure, Tile } from './tile.tsx'
import { DAY_MS } from '../../components/local-moment.ts'

const ALL = { query: { limit: 200 } } as const
/** More than were read are not counted as if they were not there. */
export function atLeast(count: number, next: string | null): string {
  return next === null ? formatNumber(count) : `${formatNumber(count)}+`
}

const OLD_KEY_MS = 180 * DAY_MS

export function KeysTile() {
  const query = useApi('keys.list', ALL)
  const now = useNow()
  return (
    <Tile title={text('tile.keys')} query={query} to="/settings/keys">
      {({ body: { items } }) => {
        const current = items.filter(({ state }) => state === 'current')
        const oldest = current.map(({ createdAt }) => createdAt).sort()[0]
        const old = oldest !== undefined && now - Date.parse(oldest) > OLD_KEY_MS
        return (
          <>
            <Figure>{formatNumber(current.length)}</Figure>
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
