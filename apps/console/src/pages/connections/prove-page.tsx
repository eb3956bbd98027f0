// Proving one connection: the way to a real exchange, and what came of the last one.
import { useSearch } from '@tanstack/react-router'

import { useApi } from '../../api/queries.ts'
import { PageHeader } from '../../components/page-header.tsx'
import { Loaded } from '../../components/states.tsx'
import '../../texts/en/proofs.ts'
import { text } from '../../texts/text.ts'
import { ProofResult } from './prove/proof-result.tsx'
import { ProveConnection } from './prove/prove-connection.tsx'
import { useNames } from '../../session/names.ts'
import { usePageId } from '../../components/object/object-page.tsx'

export function Page() {
  const id = usePageId()
  const { run } = useSearch({ strict: false }) as { readonly run?: string }
  const query = useApi('connections.read', { params: { id } })
  const names = useNames()
  return (
    <Loaded query={query}>
      {({ body }) => {
        const ends = names.ends(body)
        return (
          <>
            <PageHeader
              parent={{ to: `/connections/${encodeURIComponent(id)}`, label: ends }}
              title={text('prove.title', { connection: ends })}
              lead={text('prove.lead')}
            />
            {run === undefined ? null : <ProofResult connection={body} id={run} />}
            <ProveConnection connection={body} again={run !== undefined} />
          </>
        )
      }}
    </Loaded>
  )
}
