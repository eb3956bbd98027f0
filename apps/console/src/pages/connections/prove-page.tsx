// Proving a connection with a real exchange, and the result of the last one. Any allowed exchange counts as proof. The page waits for one, and shows
// denials immediately.
import { IconCircleCheck, IconHourglass } from '@tabler/icons-react'
import { useSearch } from '@tanstack/react-router'

import { useApi, useList } from '../../api/queries.ts'
import { DecisionPanel } from '../../components/decision/decision-panel.tsx'
import { PageHeader } from '../../components/page-header.tsx'
import { Loaded } from '../../components/states.tsx'
import '../../texts/en/proofs.ts'
import { text } from '../../texts/text.ts'
import { ProofResult } from './prove/proof-result.tsx'
import { ProveConnection } from './prove/prove-connection.tsx'
import { useNames } from '../../session/names.ts'
import { usePageId } from '../../components/object/object-page.tsx'
import { pathOf } from '../../components/object/object-path.ts'

export function Page() {
  const id = usePageId()
  const { run } = useSearch({ strict: false }) as { readonly run?: string }
  const query = useApi('connections.read', { params: { id } })
  const names = useNames()
  return (
    <Loaded query={query}>
      {({ body }) => {
        const pair = names.appPair(body)
        return (
          <>
            <PageHeader
              parent={{ to: pathOf('connection', id), label: pair }}
              title={text('prove.title', { connection: pair })}
              lead={text('prove.lead')}
            />
            {run === undefined ? (
              <LastExchange connection={id} />
            ) : (
              <ProofResult connection={body} id={run} />
            )}
            <ProveConnection connection={body} again={run !== undefined} />
          </>
        )
      }}
    </Loaded>
  )
}

function LastExchange({ connection }: { readonly connection: string }) {
  const { items, query } = useList('decisions.list', { connection, limit: 5 })
  const proved = items.find(({ outcome }) => outcome === 'allow')
  const shown = proved ?? items[0]
  if (query.data === undefined) return null
  return (
    <div role="status">
      <p className="cw-title-row">
        {proved === undefined ? (
          <IconHourglass size={22} className="cw-check-quiet" aria-hidden="true" />
        ) : (
          <IconCircleCheck size={28} className="cw-check-pass" aria-hidden="true" />
        )}
        {text(proved === undefined ? 'new.proveWait' : 'new.proved')}
      </p>
      {shown === undefined || proved !== undefined ? null : <p>{text('new.proveRefused')}</p>}
      {shown === undefined ? null : <DecisionPanel decision={shown} level={2} />}
    </div>
  )
}
