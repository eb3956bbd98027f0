// The latest decisions about access for a user; sign-ins are left out.
import { Link } from '@tanstack/react-router'

import { useApi } from '../../api/queries.ts'
import { OutcomeChip } from '../../components/chips.tsx'
import { Loaded, Loading } from '../../components/states.tsx'
import { RelativeTime } from '../../components/time.tsx'
import { text } from '../../texts/text.ts'

const SHOWN = 6

export function LatestDecisions() {
  const query = useApi('decisions.list', { query: { about: 'access', limit: SHOWN } })
  return (
    <section className="cw-card">
      <div className="cw-row">
        <h2>{text('overview.latest')}</h2>
        <Link to="/decisions">{text('overview.allDecisions')}</Link>
      </div>
      <Loaded query={query} skeleton={<Loading />}>
        {({ body: { items } }) => {
          if (items.length === 0) return <p className="cw-quiet-text">{text('decisions.none')}</p>
          return (
            <ul className="cw-plain-list">
              {items.map(({ decision_id, outcome, narrowed, summary, time }) => (
                <li key={decision_id} className="cw-latest">
                  <OutcomeChip outcome={outcome} narrowed={narrowed.length > 0} />
                  <Link to="/decisions/$id" params={{ id: decision_id }} className="cw-first">
                    {summary.admin}
                  </Link>
                  <RelativeTime moment={time} />
                </li>
              ))}
            </ul>
          )
        }}
      </Loaded>
    </section>
  )
}
