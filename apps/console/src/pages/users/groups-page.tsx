// The list of groups, with size and origin.
import { useNavigate } from '@tanstack/react-router'

import type { Group } from '../../api/objects.ts'
import { useFilteredList } from '../../components/use-filtered-list.ts'
import type { Column } from '../../components/data-table.tsx'
import { ListPage } from '../../components/list-page.tsx'
import { EmptyState } from '../../components/states.tsx'
import { formatNumber, text } from '../../texts/text.ts'
import { SEARCH_FILTER, OWNER_FILTER } from '../../components/filter-fields.ts'
import { idColumn, ownerColumn, nameColumn } from '../../components/table/columns.tsx'
import { sendChange } from '../../api/changes.ts'
import { Fields, type FormField } from '../../components/form-fields.tsx'
import { confirmWithForm } from '../../components/confirm.ts'
import { showDone } from '../../components/toasts.tsx'
import { pathOf } from '../../components/object/object-path.ts'

const FIELDS = [SEARCH_FILTER, OWNER_FILTER]

const COLUMNS: readonly Column<Group>[] = [
  nameColumn(
    text('word.name'),
    ({ id, name }) => name ?? id,
    ({ id }) => pathOf('group', id),
  ),
  { ...idColumn, hidden: false },
  {
    id: 'members',
    header: text('groups.members'),
    numeric: true,
    sort: ({ memberCount }) => memberCount,
    cell: ({ memberCount }) => formatNumber(memberCount),
  },
  ownerColumn,
]

export function Page() {
  const navigate = useNavigate()
  return (
    <ListPage
      {...useFilteredList('groups.list', FIELDS)}
      title={text('word.groups')}
      lead={text('groups.lead')}
      create={{
        label: text('groups.new'),
        needs: 'groups.create',
        run: () => openGroupDialog((id) => navigate({ to: pathOf('group', id) })),
      }}
      columns={COLUMNS}
      open={({ id }) => pathOf('group', id)}
      none={<EmptyState title={text('groups.none')}>{text('groups.noneText')}</EmptyState>}
    />
  )
}

type NewGroup = Pick<Group, 'id' | 'members'>

const NEW_GROUP: readonly FormField<NewGroup>[] = [
  {
    kind: 'text',
    exact: true,
    name: 'id',
    label: 'word.name',
    help: 'groups.idHelp',
    required: true,
    autofocus: true,
  },
  { kind: 'objects', of: 'users', name: 'members', label: 'groups.members' },
]

/** Creates a group: a name and its members. */
function openGroupDialog(open: (id: string) => Promise<void>): void {
  confirmWithForm<NewGroup>({ id: '', members: [] }, (draft, set) => ({
    title: text('groups.new'),
    confirmLabel: text('groups.new'),
    children: <Fields fields={NEW_GROUP} draft={draft} change={set} />,
    async confirm(reason) {
      const { body } = await sendChange('groups.create', {
        body: { ...draft, id: draft.id.trim() },
        reason,
      })
      showDone({ message: text('groups.created', { name: body.id }) })
      await open(body.id)
    },
  }))
}
