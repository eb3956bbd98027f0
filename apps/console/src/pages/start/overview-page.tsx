// The state of things at a glance: what was decided, what waits, what ends, what is wrong. Each figure leads to the list
// behind it, and says of when it is.
import { useApi } from '../../api/queries.ts'
import { PageHeader } from '../../components/page-header.tsx'
import { useCan, useSession } from '../../session/session.tsx'
import { text } from '../../texts/text.ts'
import { ChangesList } from './changes-list.tsx'
import { DecisionsTile } from './decisions-tile.tsx'
import { EndingTile } from './ending-tile.tsx'
import { HintsTile } from './hints-tile.tsx'
import { HealthTile } from './health-tile.tsx'
import { ResourceTiles } from './resource-tiles.tsx'
import { SetUpList } from './set-up-list.tsx'
import { AgentsTile, BlocksTile, KeysTile, RequestsTile } from './tiles.tsx'
import { TopRefusals } from './top-refusals.tsx'

export function Page() {
  const can = useCan()
  const { name, issuer } = useSession()
  const sees = can('connections.list') && issuer !== undefined
  const connections = useApi('connections.list', { query: { limit: 1 } }, { enabled: sees })
  const empty = sees && connections.data?.body.items.length === 0
  if (empty) return <NothingYet />
  return (
    <>
      <PageHeader title={text('nav.overview')} lead={text('overview.lead', { name })} />
      {issuer === undefined ? <ResourceTiles /> : <Tiles />}
      <div className="cw-two cw-section">
        {can('decisions.summary') ? <TopRefusals /> : null}
        {can('audit.list') ? <ChangesList /> : null}
      </div>
    </>
  )
}

/** While nothing can connect, figures would all be nought. */
function NothingYet() {
  return (
    <>
      <PageHeader title={text('connections.none')} lead={text('setUp.lead')} />
      <SetUpList />
    </>
  )
}

function Tiles() {
  const can = useCan()
  return (
    <div className="cw-tiles">
      {can('decisions.summary') ? <DecisionsTile /> : null}
      {can('apps.list') ? <AgentsTile /> : null}
      {can('connections.list') ? <EndingTile /> : null}
      {can('access-requests.list') ? <RequestsTile /> : null}
      {can('hints.list') ? <HintsTile /> : null}
      {can('blocks.list') ? <BlocksTile /> : null}
      {can('keys.list') ? <KeysTile /> : null}
      {can('audit-streams.list') ? <HealthTile /> : null}
    </div>
  )
}
