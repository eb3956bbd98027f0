// The authorization servers that run here, each as its page shows it, with what is shown where there are none yet.
import { type ReactNode } from 'react'

import { useList } from '../../api/queries.ts'
import { PageHeader } from '../../components/page-header.tsx'
import { EmptyState, ErrorState, PageSkeleton, RefreshProblem } from '../../components/states.tsx'
import { text } from '../../texts/text.ts'
import type { AuthorizationServer } from './authorization-server.ts'

interface ServerListProps {
  readonly title: string
  readonly lead: string
  readonly show: (server: AuthorizationServer) => ReactNode
  /** Below all of them */
  readonly after?: (servers: readonly AuthorizationServer[]) => ReactNode
}

export function ServerList({ title, lead, show, after }: ServerListProps) {
  const { items, query, hasMore, showMore } = useList('authorization-servers.list')
  return (
    <>
      <PageHeader title={title} lead={lead} />
      {query.isPending ? (
        <PageSkeleton />
      ) : query.isError && items.length === 0 ? (
        <ErrorState error={query.error} retry={() => void query.refetch()} />
      ) : items.length === 0 ? (
        <EmptyState title={text('issuers.noServer')}>{text('issuers.noServerText')}</EmptyState>
      ) : (
        <>
          <RefreshProblem query={query} />
          {items.map(show)}
          {hasMore ? (
            <button type="button" className="cw-link-button" onClick={showMore}>
              {text('table.more')}
            </button>
          ) : null}
          {after?.(items)}
        </>
      )}
    </>
  )
}
