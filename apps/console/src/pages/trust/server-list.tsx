// The local authorization servers, or an empty state.
import { type ReactNode } from 'react'

import type { AuthorizationServer } from '../../api/objects.ts'
import { useList } from '../../api/queries.ts'
import { PageHeader } from '../../components/page-header.tsx'
import { EmptyState } from '../../components/states.tsx'
import { text } from '../../texts/text.ts'
import { PagedItems } from '../../components/paged-items.tsx'

interface ServerListProps {
  readonly title: string
  readonly lead: string
  readonly show: (server: AuthorizationServer) => ReactNode
  /** Below all of them */
  readonly after?: (servers: readonly AuthorizationServer[]) => ReactNode
}

export function ServerList({ title, lead, show, after }: ServerListProps) {
  const list = useList('authorization-servers.list')
  return (
    <>
      <PageHeader title={title} lead={lead} />
      <PagedItems
        list={list}
        empty={<EmptyState title={text('issuers.noServer')}>{text('issuers.noServerText')}</EmptyState>}
      >
        {(servers) => servers.map(show)}
      </PagedItems>
      {list.items.length === 0 ? null : after?.(list.items)}
    </>
  )
}
