// One group: who is in it, which connections it opens, what joining or leaving would change, and what it was before.
import { useParams } from '@tanstack/react-router'

import { useApi } from '../../api/queries.ts'
import { ConnectionsOf } from '../../components/object/connections-of.tsx'
import { ObjectHistory } from '../../components/object/object-history.tsx'
import { Loaded } from '../../components/states.tsx'
import { PageTabs } from '../../components/tabs.tsx'
import { text } from '../../texts/text.ts'
import { GroupHeader } from './group-header.tsx'
import { GroupMembers } from './group-members.tsx'
import type { Group } from './group.ts'
import { WhatIf } from './what-if.tsx'

export function Page() {
  const { id = '' } = useParams({ strict: false }) as { readonly id?: string }
  const query = useApi('groups.read', { params: { id } })
  return (
    <Loaded query={query}>
      {({ body, etag }) => (
        <>
          <GroupHeader group={body} etag={etag ?? ''} reload={() => void query.refetch()} />
          <PageTabs label={text('group.tabs')} tabs={listTabs(body)} />
        </>
      )}
    </Loaded>
  )
}

function listTabs(group: Group) {
  return [
    { id: 'members', label: text('groups.members'), content: () => <GroupMembers group={group} /> },
    {
      id: 'connections',
      label: text('nav.connections'),
      content: () => <ConnectionsOf group={group.id} />,
    },
    { id: 'what-if', label: text('group.tab.whatIf'), content: () => <WhatIf group={group} /> },
    {
      id: 'history',
      label: text('connection.tab.history'),
      content: () => <ObjectHistory collection="groups" object={group} />,
    },
  ]
}
