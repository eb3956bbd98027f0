// The other tiles: agents, what waits, what is stopped, keys.
import { useApi } from '../../api/queries.ts'
import { StateChip } from '../../components/chips.tsx'
import { RelativeTime } from '../../components/time.tsx'
import { useNow } from '../../hooks/use-now.ts'
import { countText, formatNumber, text } from '../../texts/text.ts'
import { Figure, Tile } from './tile.tsx'

const ALL = { query: { limit: 200 } } as const
const DAY_MS = 24 * 3600 * 1000

/** More than were read are not counted as if they were not there. */
export function atLeast(count: number, next: string | null): string {
  return next === null ? formatNumber(count) : `${formatNumber(count)}+`
}

export function AgentsTile() {
  const query = useApi('apps.list', { query: { kind: 'agent', limit: 200 } })
  return (
    <Tile title={text('tile.agents')} query={query} to="/agents">
      {({ body: { items: agents, next } }) => {
        const ownerless = agents.filter(({ owners }) => owners.length === 0).length
        const stopped = agents.filter(({ active, state }) => !active || state?.held !== undefined).length
        return (
          <>
            <Figure>{atLeast(agents.length, next)}</Figure>
            <p>
              <Owned ownerless={ownerless} next={next} />
            </p>
            {stopped === 0 ? null : (
              <p>
                {next === null
                  ? countText('tile.stoppedOne', 'tile.stopped', stopped)
                  : text('tile.stopped', { count: atLeast(stopped, next) })}
              </p>
            )}
          </>
        )
      }}
    </Tile>
  )
}

function Owned({ ownerless, next }: { readonly ownerless: number; readonly next: string | null }) {
  if (ownerless === 0)
    return next === null ? (
      <StateChip state="ok" label={text('tile.allOwned')} />
    ) : (
      <span className="cw-quiet-text">{text('tile.firstOwned')}</span>
    )
  const label =
    next === null
      ? countText('tile.ownerlessOne', 'tile.ownerless', ownerless)
      : text('tile.ownerless', { count: atLeast(ownerless, next) })
  return <StateChip state="warn" label={label} />
}

export function RequestsTile() {
  const query = useApi('access-requests.list', { query: { state: 'open', limit: 200 } })
  return (
    <Tile title={text('tile.requests')} query={query} to="/inbox">
      {({ body: { items, next } }) => (
        <>
          <Figure>{atLeast(items.length, next)}</Figure>
          <p className="cw-quiet-text">
            {items[0] === undefined ? (
              text('tile.nothingWaits')
            ) : (
              <>
                {text('tile.oldest')} <RelativeTime moment={items[0].askedAt} />
              </>
            )}
          </p>
        </>
      )}
    </Tile>
  )
}

export function BlocksTile() {
  const query = useApi('blocks.list', ALL)
  return (
    <Tile title={text('tile.blocks')} query={query} to="/blocks">
      {({ body: { items, next } }) => {
        const active = items.filter((block) => block.active)
        const kills = active.filter(({ kill }) => kill).length
        return (
          <>
            <Figure>{atLeast(active.length, next)}</Figure>
            <p>
              {active.length === 0 ? (
                <StateChip state="ok" label={text('tile.nothingBlocked')} />
              ) : (
                countText('tile.killsOne', 'tile.kills', kills)
              )}
            </p>
          </>
        )
      }}
    </Tile>
  )
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
