// One user: what can act for them now, recent activity, their subject at each resource app,
// and the means to stop it.
import { useParams } from '@tanstack/react-router'

import { useApi } from '../../api/queries.ts'
import { DecisionsOf } from '../../components/decision/decisions-of.tsx'
import { ObjectHistory } from '../../components/object/object-history.tsx'
import { EmptyState, Loaded } from '../../components/states.tsx'
import { PageTabs } from '../../components/tabs.tsx'
import { text } from '../../texts/text.ts'
import { ActingFor } from './acting-for.tsx'
import { UserFacts } from './user-facts.tsx'
import { UserHeader } from './user-header.tsx'

export function Page() {
  const { id = '' } = useParams({ strict: false }) as { readonly id?: string }
  const query = useApi('users.read', { params: { id } })
  return (
    <Loaded query={query}>
      {({ body, etag }) => (
        <>
          <UserHeader user={body} etag={etag ?? ''} reload={() => void query.refetch()} />
          <PageTabs
            label={text('user.tabs')}
            tabs={[
              { id: 'acting', label: text('user.tab.acting'), content: () => <ActingFor user={body} /> },
              {
                id: 'decisions',
                label: text('nav.decisions'),
                content: () => (
                  <DecisionsOf
                    of={{ user: body.id }}
                    empty={<EmptyState title={text('user.noDecisions')} />}
                  />
                ),
              },
              { id: 'facts', label: text('user.tab.facts'), content: () => <UserFacts user={body} /> },
              {
                id: 'history',
                label: text('connection.tab.history'),
                content: () => <ObjectHistory collection="users" object={body} />,
              },
            ]}
          />
        </>
      )}
    </Loaded>
  )
}
