// Which connections end soon, and how many are stopped: asked of the server by these filters, not looked for among the
// first of all.
import { useApi } from '../../api/queries.ts'
import { RelativeTime } from '../../components/time.tsx'
import { text } from '../../texts/text.ts'
import { Figure, Tile } from './tile.tsx'
import { atLeast } from './tiles.tsx'

const SOON_DAYS = 14

export function EndingTile() {
  const ending = useApi('connection-usage.list', {
    query: { expiringWithinDays: SOON_DAYS, countDays: 0, limit: 200 },
  })
  return (
    <Tile title={text('tile.ending', { days: SOON_DAYS })} query={ending} to="/connections">
      {({ body: { items, next } }) => (
        <>
          <Figure>{atLeast(items.length, next)}</Figure>
          <p className="cw-quiet-text">
            <FirstEnd moments={items.flatMap(({ expiresAt }) => expiresAt ?? [])} whole={next === null} />
          </p>
          <StandingLine />
        </>
      )}
    </Tile>
  )
}

/** Lists are by id: the first of some is not the first of all. */
function FirstEnd({ moments, whole }: { readonly moments: readonly string[]; readonly whole: boolean }) {
  const first = moments.map((moment) => Date.parse(moment)).sort((a, b) => a - b)[0]
  if (first === undefined) return text('tile.nothingEnds')
  if (!whole) return null
  return (
    <>
      {text('tile.firstEnds')} <RelativeTime moment={new Date(first).toISOString()} />
    </>
  )
}

function StandingLine() {
  const counts = [useCount(undefined), useCount('suspended'), useCount('revoked')]
  const [count, suspended, revoked] = counts
  if (count === undefined || suspended === undefined || revoked === undefined) return null
  return <p>{text('tile.connections', { count, suspended, revoked })}</p>
}

/** @returns undefined until it is known */
function useCount(status: string | undefined): string | undefined {
  const { data } = useApi('connections.list', {
    query: { limit: 200, ...(status === undefined ? {} : { status }) },
  })
  return data === undefined ? undefined : atLeast(data.body.items.length, data.body.next)
}
