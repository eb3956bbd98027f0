// Roles: their users, the permissions of one user, and those of each role, from the server's own tables.
import { type AnswerTo, ROLES } from '@crosswalk/admin-api'
import { Button } from '@mantine/core'

import './settings.css'
import { useApi } from '../../api/queries.ts'
import { StateChip } from '../../components/chips.tsx'
import { CodeBlock } from '../../components/code-block.tsx'
import { FilterBar, type FilterField } from '../../components/filter-bar.tsx'
import { USER_FILTER } from '../../components/filter-fields.ts'
import { PageHeader, Section } from '../../components/page-header.tsx'
import { EmptyState, ErrorState, Loaded, Loading } from '../../components/states.tsx'
import { useFilters } from '../../hooks/use-filters.ts'
import { kindOf } from '../../api/problem.ts'
import { formatNumber, text } from '../../texts/text.ts'
import { RoleMatrix } from './role-matrix.tsx'
import { SmallTable } from '../../components/small-table.tsx'
import { Facts } from '../../components/facts.tsx'
import { ObjectLinks } from '../../components/object/names.tsx'

type Answer = AnswerTo<'admin-roles.list'>

const FILTERS = ['user'] as const
const FIELDS: readonly FilterField<'user'>[] = [USER_FILTER]

/** The role that only reads: what a colleague gets first. */
const exampleFor = (user: string) => `admin:
  roles:
    auditor: { users: [${user}] }`

export function Page() {
  const query = useApi('admin-roles.list', {})
  const state = useFilters(FILTERS)
  const { user } = state.filters
  const found = useApi('admin-roles.find', { params: { user: user ?? '' } }, { enabled: user !== undefined })
  const role = user === undefined ? undefined : (found.data?.body.role ?? undefined)
  return (
    <>
      <PageHeader title={text('nav.roles')} lead={text('roles.lead')} />
      <Loaded query={query}>
        {({ body }) => (
          <>
            <Section title={text('roles.holders')}>
              <Holders items={body.items} />
            </Section>
            <RoleSummary />
            <Section title={text('roles.whatCan')}>
              <FilterBar state={state} fields={FIELDS} />
              {user === undefined ? null : <FoundRole query={found} clear={state.clear} />}
            </Section>
            <RoleMatrix routes={body.routes} only={role} />
          </>
        )}
      </Loaded>
    </>
  )
}

interface FoundProps {
  readonly query: ReturnType<typeof useApi<'admin-roles.find'>>
  readonly clear: () => void
}

function FoundRole({ query, clear }: FoundProps) {
  const { data, error } = query
  if (error !== null && kindOf(error) === 'not-found') return <p role="status">{text('roles.notFound')}</p>
  if (data === undefined) return error === null ? <Loading lines={2} /> : <ErrorState error={error} />
  const { role, apps, routes } = data.body
  return (
    <div className="cw-card" role="status">
      <p className="cw-sentence">{describe(data.body)}</p>
      {apps === null ? null : <p>{text('roles.aboutApps', { apps: apps.join(', ') })}</p>}
      {role === null ? (
        <>
          <p>{text('roles.give')}</p>
          <CodeBlock label={text('roles.example')} code={exampleFor(data.body.user.id)} />
        </>
      ) : (
        <div className="cw-row">
          <span>{text('roles.mayCount', { count: routes.length, all: data.body.of })}</span>
          <Button onClick={clear}>{text('roles.showAll')}</Button>
        </div>
      )}
    </div>
  )
}

function describe({ user, role, via }: AnswerTo<'admin-roles.find'>): string {
  const name = user.name ?? user.username
  if (!user.active) return text('roles.inactive', { name })
  if (role === null) return text('roles.hasNone', { name })
  const values = { name, role: text(`role.${role}`) }
  return via === null ? text('roles.has', values) : text('roles.hasVia', { ...values, group: via })
}

const HEADERS = ['role', 'by', 'groups', 'apps', 'users'] as const

function Holders({ items }: { readonly items: Answer['items'] }) {
  if (items.length === 0)
    return (
      <EmptyState title={text('roles.none')}>
        <p>{text('roles.noneText')}</p>
        <div className="cw-example-left">
          <CodeBlock label={text('roles.example')} code={exampleFor('usr_ada')} />
        </div>
      </EmptyState>
    )
  return (
    <SmallTable
      label={text('roles.holders')}
      headers={HEADERS.map((header) => text(`roles.${header}`))}
      rows={items.map(({ role, users, groups, apps, people }) => ({
        id: role,
        cells: [
          <span className="cw-first">{text(`role.${role}`)}</span>,
          <ObjectLinks kind="user" ids={users} />,
          <ObjectLinks kind="group" ids={groups} />,
          apps === null ? text('roles.allApps') : <ObjectLinks kind="app" ids={apps} />,
          people === 0 ? <StateChip state="warn" label="0" /> : formatNumber(people),
        ],
      }))}
    />
  )
}

function RoleSummary() {
  return (
    <Section title={text('roles.summary')}>
      <div className="cw-card">
        <Facts facts={ROLES.map((role) => [text(`role.${role}`), text(`roles.can.${role}`)])} />
      </div>
    </Section>
  )
}
