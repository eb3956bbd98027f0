// A connection counts as proved once a real exchange over it was allowed: one that is made from here, or any other. This
// waits for one, and shows a refusal as soon as there is one.
import { IconCircleCheck, IconHourglass } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'

import { useApi, useList } from '../../../api/queries.ts'
import { DecisionPanel } from '../../../components/decision/decision-panel.tsx'
import { Loaded } from '../../../components/states.tsx'
import '../../../texts/en/proofs.ts'
import { text } from '../../../texts/text.ts'
import type { Connection } from '../../../components/object/connection-state.ts'
import { ProveConnection } from '../prove/prove-connection.tsx'

export function ProveStep({ id }: { readonly id: string }) {
  const query = useApi('connections.read', { params: { id } })
  return (
    <>
      <p>{text('new.proveLead')}</p>
      <Loaded query={query}>{({ body }) => <Waiting connection={body} />}</Loaded>
      <p>
        <Link to={`/connections/${encodeURIComponent(id)}`}>{text('new.open')}</Link>
      </p>
    </>
  )
}

function Waiting({ connection }: { readonly connection: Connection }) {
  const { items } = useList('decisions.list', { connection: connection.id, limit: 5 })
  const proved = items.find(({ outcome }) => outcome === 'allow')
  const last = items[0]
  if (proved !== undefined)
    return (
      <div role="status">
        <p className="cw-title-row">
          <IconCircleCheck size={28} className="cw-check-pass" aria-hidden="true" />
          <strong>{text('new.proved')}</strong>
        </p>
        <DecisionPanel decision={proved} level={2} />
      </div>
    )
  return (
    <>
      <div role="status">
        <p className="cw-title-row">
          <IconHourglass size={22} className="cw-check-quiet" aria-hidden="true" />
          {text('new.proveWait')}
        </p>
        {last === undefined ? null : (
          <>
            <p>{text('new.proveRefused')}</p>
            <DecisionPanel decision={last} level={2} />
          </>
        )}
      </div>
      <p>{text('prove.lead')}</p>
      <ProveConnection connection={connection} again={false} />
    </>
  )
}
