// How many recommendations are open, by how much they can wait.
import { Link } from '@tanstack/react-router'

import { useApi } from '../../api/queries.ts'
import { StateChip } from '../../components/chips.tsx'
import { formatNumber, text } from '../../texts/text.ts'
import { SEVERITIES } from '../recommendations/recommendation-types.ts'
import { SeverityChip } from '../recommendations/severity-chip.tsx'
import { Figure, Tile } from './tile.tsx'

export function RecommendationsTile() {
  const query = useApi('recommendations.list', { query: { limit: 1 } })
  return (
    <Tile title={text('tile.recommendations')} query={query} to="/recommendations">
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
