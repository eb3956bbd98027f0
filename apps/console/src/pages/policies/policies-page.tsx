// The list of policies. Their order never matters, and the page says so.
import { Link } from '@tanstack/react-router'

import type { Policy } from '../../api/objects.ts'
import { useFilteredList } from '../../components/use-filtered-list.ts'
import { StateChip, nameOfState } from '../../components/chips.tsx'
import type { Column } from '../../components/data-table.tsx'
import type { FilterField } from '../../components/filter-bar.tsx'
import { ListPage } from '../../components/list-page.tsx'
import { EmptyState } from '../../components/states.tsx'
import { useCan } from '../../session/session.tsx'
import { text } from '../../texts/text.ts'
import { FindingLines } from './policy-findings.tsx'
import { type TemplateName, TEMPLATES } from './rule.ts'
import { SEARCH_FILTER, OWNER_FILTER, choiceFilter } from '../../components/filter-fields.ts'
import { changedColumn, ownerColumn } from '../../components/table/columns.tsx'
import { pathOf } from '../../components/object/object-path.ts'
import { SentenceCell } from '../../components/object/sentence-cell.tsx'

const FIELDS: readonly FilterField<string>[] = [
  SEARCH_FILTER,
  choiceFilter('status', text('word.state'), ['enforced', 'report-only', 'off'], nameOfState),
  OWNER_FILTER,
]

const COLUMNS: readonly Column<Policy>[] = [
  {
    id: 'rule',
    header: text('word.policy'),
    hideable: false,
    sort: ({ sentence }) => sentence,
    cell: (policy) => (
      <SentenceCell kind="policy" object={policy}>
        <FindingLines id={policy.id} />
      </SentenceCell>
    ),
  },
  {
    id: 'effect',
    header: text('rule.effect'),
    sort: ({ effect }) => effect,
    cell: ({ effect }) => text(`rule.effect.short.${effect}`),
  },
  {
    id: 'state',
    header: text('word.state'),
    cell: ({ state }) => <StateChip state={state} />,
    sort: ({ state }) => state,
  },
  ownerColumn,
  changedColumn,
]

export function Page() {
  return (
    <ListPage
      {...useFilteredList('policies.list', FIELDS)}
      title={text('word.policies')}
      lead={text('rules.lead')}
      create={{
        label: text('word.createPolicy'),
        needs: 'policies.create',
        to: '/policies/new',
      }}
      columns={COLUMNS}
      open={({ id }) => pathOf('policy', id)}
      none={<NoRules />}
    />
  )
}

function NoRules() {
  const mayCreate = useCan()('policies.create')
  return (
    <EmptyState title={text('rules.none')}>
      <p>{text('rules.noneText')}</p>
      {mayCreate ? (
        <ul className="cw-left">
          {(Object.keys(TEMPLATES) as TemplateName[]).map((name) => (
            <li key={name}>
              <Link to="/policies/new" search={{ template: name }}>
                {text(`rules.template.${name}`)}
              </Link>
            </li>
          ))}
        </ul>
      ) : null}
    </EmptyState>
  )
}
