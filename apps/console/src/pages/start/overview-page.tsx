// The first page: decisions over time, what needs attention, and what happened last.
import { lazy, Suspense } from 'react'

import { useApi } from '../../api/queries.ts'
import { DecisionChart } from '../../components/chart/decision-chart.tsx'
import { PageHeader } from '../../components/page-header.tsx'
import { useCan, useSession } from '../../session/session.tsx'
import { text } from '../../texts/text.ts'
import { ChangesList } from './changes-list.tsx'
import { LatestDecisions } from './latest-decisions.tsx'
import { NeedsAttention } from './needs-attention.tsx'
import { TopDenied } from './top-denied.tsx'

/** Either is for few servers only. */
const SetUpList = lazy(async () => ({ default: (await import('./set-up-list.tsx')).SetUpList }))
const ResourceTiles = lazy(async () => ({ default: (await import('./resource-tiles.tsx')).ResourceTiles }))

export function Page() {
  const can = useCan()
  const { issuer } = useSession()
  const sees = can('connections.list') && issuer !== undefined
  const connections = useApi('connections.list', { query: { limit: 1 } }, { enabled: sees })
  const empty = sees && connections.data?.body.items.length === 0
  if (empty) return <NothingYet />
  return (
    <>
      <PageHeader title={text('nav.overview')} lead={text('overview.lead')} />
      {can('decisions.summary') ? <DecisionChart about="access" /> : null}
      <Suspense>{issuer === undefined ? <ResourceTiles /> : null}</Suspense>
      <div className="cw-two cw-section">
        <NeedsAttention />
        {can('decisions.summary') ? <TopDenied /> : null}
        {can('decisions.list') ? <LatestDecisions /> : null}
        {can('audit.list') ? <ChangesList /> : null}
      </div>
    </>
  )
}

/** Without a connection there is nothing to show yet, and a list of what to do instead. */
function NothingYet() {
  return (
    <>
      <PageHeader title={text('connections.none')} lead={text('setUp.lead')} />
      <Suspense>
        <SetUpList />
      </Suspense>
    </>
  )
}
