// One group: who is in it, which connections it opens, what joining or leaving would change, and what it was before.

import { ConnectionsOf } from '../../components/object/connections-of.tsx'
import { ObjectHistory } from '../../components/object/object-history.tsx'
import { PageTabs } from '../../components/tabs.tsx'
import { text } from '../../texts/text.ts'
import { GroupHeader } from './group-header.tsx'
import { GroupMembers } from './group-members.tsx'
import type { Group } from './group.ts'
import { WhatIf } from './what-if.tsx'
import { ObjectPage } from '../../components/object/object-page.tsx'

export function Page() {
  return (
    <ObjectPage collection="groups">
      {(group, read) => (
        <>
          <GroupHeader group={group} {...read} />
          <PageTabs label={text('group.tabs')} tabs={listTabs(group)} />
        </>
      )}
    </ObjectPage>
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
