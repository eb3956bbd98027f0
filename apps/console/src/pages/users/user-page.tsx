// The page of a user: which apps can act for them, recent activity, their subject at each resource app, and actions to end access.

import { DecisionsOf } from '../../components/decision/decisions-of.tsx'
import { ObjectHistory } from '../../components/object/object-history.tsx'
import { EmptyState } from '../../components/states.tsx'
import { PageTabs } from '../../components/tabs.tsx'
import { text } from '../../texts/text.ts'
import { ActingFor } from './acting-for.tsx'
import { UserFacts } from './user-facts.tsx'
import { UserHeader } from './user-header.tsx'
import { ObjectPage } from '../../components/object/object-page.tsx'

export function Page() {
  return (
    <ObjectPage collection="users">
      {(user, read) => (
        <>
          <UserHeader user={user} {...read} />
          <PageTabs
            label={text('user.tabs')}
            tabs={[
              { id: 'acting', label: text('word.apps'), content: () => <ActingFor user={user} /> },
              {
                id: 'decisions',
                label: text('word.decisions'),
                content: () => (
                  <DecisionsOf
                    of={{ user: user.id }}
                    empty={<EmptyState title={text('user.noDecisions')} />}
                  />
                ),
              },
              { id: 'facts', label: text('user.tab.facts'), content: () => <UserFacts user={user} /> },
              {
                id: 'history',
                label: text('connection.tab.history'),
                content: () => <ObjectHistory collection="users" object={user} />,
              },
            ]}
          />
        </>
      )}
    </ObjectPage>
  )
}
