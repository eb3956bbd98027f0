// The list of approval rules, and the dialog that creates one.
import { useNavigate } from '@tanstack/react-router'

import { sendChange } from '../../api/changes.ts'
import type { ApprovalRule } from '../../api/objects.ts'
import { useFilteredList } from '../../components/use-filtered-list.ts'
import { confirmWithForm } from '../../components/confirm.ts'
import type { Column } from '../../components/data-table.tsx'
import { OWNER_FILTER, SEARCH_FILTER } from '../../components/filter-fields.ts'
import { Fields } from '../../components/form-fields.tsx'
import { ID_FIELD } from '../../components/id-field.ts'
import { ListPage } from '../../components/list-page.tsx'
import { pathOf } from '../../components/object/object-path.ts'
import { EmptyState } from '../../components/states.tsx'
import { changedColumn, ownerColumn } from '../../components/table/columns.tsx'
import { SentenceCell } from '../../components/object/sentence-cell.tsx'
import { showDone } from '../../components/toasts.tsx'
import '../../texts/en/approval-rules.ts'
import { text } from '../../texts/text.ts'
import { ApprovalRuleFields, findMissing, type RuleDraft } from './approval-rule-fields.tsx'

const FIELDS = [SEARCH_FILTER, OWNER_FILTER]

const COLUMNS: readonly Column<ApprovalRule>[] = [
  {
    id: 'rule',
    header: text('nav.approvalRule'),
    hideable: false,
    sort: ({ sentence }) => sentence,
    cell: (rule) => <SentenceCell kind="approval_rule" object={rule} />,
  },
  {
    id: 'effect',
    header: text('approvalRules.effect'),
    sort: ({ effect }) => effect,
    cell: ({ effect }) => text(`approvalRules.short.${effect}`),
  },
  ownerColumn,
  changedColumn,
]

export function Page() {
  const navigate = useNavigate()
  return (
    <ListPage
      {...useFilteredList('approval-rules.list', FIELDS)}
      title={text('nav.approvalRules')}
      lead={text('approvalRules.lead')}
      create={{
        label: text('approvalRules.new'),
        needs: 'approval-rules.create',
        run: () => openRuleDialog((id) => navigate({ to: pathOf('approval_rule', id) })),
      }}
      columns={COLUMNS}
      open={({ id }) => pathOf('approval_rule', id)}
      none={<EmptyState title={text('approvalRules.none')}>{text('approvalRules.noneText')}</EmptyState>}
    />
  )
}

function openRuleDialog(open: (id: string) => Promise<void>): void {
  const initial: RuleDraft = { id: '', effect: 'approve', when: { maxRisk: 1, maxDays: 30 } }
  confirmWithForm<{ rule: RuleDraft }>({ rule: initial }, ({ rule }, set) => ({
    title: text('approvalRules.new'),
    confirmLabel: text('approvalRules.new'),
    help: text('approvalRules.independent'),
    missing: findMissing(rule),
    children: (
      <>
        <Fields<{ id: string }, RuleDraft>
          fields={ID_FIELD}
          draft={rule}
          change={(next) => set({ rule: next })}
        />
        <ApprovalRuleFields draft={rule} change={(next) => set({ rule: next })} />
      </>
    ),
    async confirm(reason) {
      const { body } = await sendChange('approval-rules.create', { body: rule, reason })
      showDone({ message: text('approvalRules.made') })
      await open(body.id)
    },
  }))
}
