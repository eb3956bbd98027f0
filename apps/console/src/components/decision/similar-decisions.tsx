// Decisions of the last day with the same code, app and resource app.
import { DAY_MS } from '@crosswalk/protocol'
import { Link } from '@tanstack/react-router'

import { useList } from '../../api/queries.ts'
import { text } from '../../texts/text.ts'
import { ErrorState, Loading } from '../states.tsx'
import { RelativeTime } from '../time.tsx'
import type { Decision } from './check-groups.ts'

export function SimilarDecisions({ decision }: { readonly decision: Decision }) {
  const app = decision.request.requesting_app?.id
  const { items, query, hasMore } = useList(
    'decisions.list',
    { code: decision.code, app, resourceApp: decision.resolution.resource_app, limit: 20 },
    { lastMs: DAY_MS },
  )
  if (query.isPending) return <Loading />
  if (query.error !== null) return <ErrorState error={query.error} />
  const others = items.filter(({ decision_id }) => decision_id !== decision.decision_id)
  if (others.length === 0) return <p>{text('similar.none')}</p>
  return (
    <>
      <p>{text('similar.count', { count: `${others.length}${hasMore ? '+' : ''}` })}</p>
      <ul className="cw-plain-list">
        {others.map((one) => (
          <li key={one.decision_id} className="cw-check">
            <Link to={`/decisions/${one.decision_id}`}>{one.summary.admin}</Link>
            <RelativeTime moment={one.time} />
          </li>
        ))}
      </ul>
    </>
  )
}
