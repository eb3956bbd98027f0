// Decisions of the last 24 hours by outcome: as numbers, and as a bar whose parts are told by word and pattern.
import { Link } from '@tanstack/react-router'

import { useApi } from '../../api/queries.ts'
import { OutcomeChip } from '../../components/chips.tsx'
import { formatNumber, text } from '../../texts/text.ts'
import { Figure, Tile } from './tile.tsx'

const OUTCOMES = ['allow', 'deny', 'step_up', 'pending', 'error'] as const

export function DecisionsTile() {
  const query = useApi('decisions.summary', {})
  return (
    <Tile title={text('tile.decisions')} query={query} to="/decisions">
      {({ body: { counted, complete, outcomes } }) => (
        <>
          <Figure>
            {complete ? '' : '> '}
            {formatNumber(counted)}
          </Figure>
          <ul className="cw-plain-list">
            {OUTCOMES.filter((outcome) => (outcomes[outcome] ?? 0) > 0).map((outcome) => (
              <li key={outcome} className="cw-row">
                <Link to="/decisions" search={{ outcome } as never} className="cw-plain-link">
                  <OutcomeChip outcome={outcome} narrowed={false} />
                </Link>
                <span>{formatNumber(outcomes[outcome] ?? 0)}</span>
              </li>
            ))}
          </ul>
          {counted === 0 ? <p className="cw-quiet-text">{text('tile.noDecisions')}</p> : null}
        </>
      )}
    </Tile>
  )
}
