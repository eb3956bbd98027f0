// The page of a connection: users, scopes, resource, conditions, usage and history.

import { Link } from '@tanstack/react-router'

import type { Connection } from '../../api/objects.ts'
import { DecisionsOf } from '../../components/decision/decisions-of.tsx'
import { NextStep } from '../../components/next-step.tsx'
import { Section } from '../../components/page-header.tsx'
import { PageTabs } from '../../components/tabs.tsx'
import { pathOf } from '../../components/object/object-path.ts'
import { EmptyState } from '../../components/states.tsx'
import { text } from '../../texts/text.ts'
import { ConnectionHeader } from './connection-header.tsx'
import { ClaimsTab } from './tabs/claims-tab.tsx'
import { ConditionsTab } from './tabs/conditions-tab.tsx'
import { ExchangeCard } from './tabs/exchange-card.tsx'
import { UsersTab } from './tabs/users-tab.tsx'
import { ScopesTab } from './tabs/scopes-tab.tsx'
import { TestsTab } from './tabs/tests-tab.tsx'
import { ResourceTab } from './tabs/resource-tab.tsx'
import { historyTab } from '../../components/object/object-history.tsx'
import { ObjectPage } from '../../components/object/object-page.tsx'

export function Page() {
  return (
    <ObjectPage collection="connections">
      {(connection, read) => (
        <>
          <ConnectionHeader connection={connection} {...read} />
          <Tabs connection={connection} etag={read.etag} />
        </>
      )}
    </ObjectPage>
  )
}

function Tabs({ connection, etag }: { readonly connection: Connection; readonly etag: string }) {
  const tabs = [
    {
      id: 'users',
      label: text('connection.tab.users'),
      former: ['people', 'activity'],
      content: () => (
        <>
          <UsersTab connection={connection} />
          <Section
            title={text('connection.recent')}
            aside={
              <Link to="/decisions" search={{ connection: connection.id }}>
                {text('overview.allDecisions')}
              </Link>
            }
          >
            <DecisionsOf
              of={{ connection: connection.id }}
              limit={10}
              empty={
                <EmptyState
                  title={text('activity.none')}
                  actions={
                    <NextStep
                      to={`${pathOf('connection', connection.id)}/prove`}
                      needs="connections.prove"
                      label={text('prove.action')}
                    />
                  }
                >
                  {text('activity.noneText')}
                </EmptyState>
              }
            />
          </Section>
        </>
      ),
    },
    {
      id: 'scopes',
      label: text('connection.tab.scopes'),
      former: ['conditions'],
      content: () => (
        <>
          <ScopesTab connection={connection} etag={etag} />
          <Section title={text('word.conditions')}>
            <ConditionsTab connection={connection} />
          </Section>
        </>
      ),
    },
    {
      id: 'target',
      label: text('connection.tab.target'),
      former: ['claims', 'card'],
      content: () => (
        <>
          <ResourceTab connection={connection} />
          <Section title={text('connection.claims')}>
            <ClaimsTab connection={connection} />
          </Section>
          <Section title={text('connection.card')}>
            <ExchangeCard connection={connection} />
          </Section>
        </>
      ),
    },
    {
      id: 'tests',
      label: text('word.tests'),
      content: () => <TestsTab connection={connection} />,
    },
    historyTab('connections', connection),
  ]
  return <PageTabs label={text('connection.tabs')} tabs={tabs} />
}
