// The header of an object page: name, state, facts, the actions of its kind, and the actions of every object: edit, view as text, delete.
import { IconCode, IconPencil, IconTrash } from '@tabler/icons-react'
import type { BlockView as Block, Collection } from '@crosswalk/admin-api'
import { Link, useNavigate } from '@tanstack/react-router'
import { type ReactNode, useState } from 'react'

import { useNames } from '../../session/names.ts'
import { useApiIfAllowed } from '../../session/use-api-if-allowed.ts'
import { text } from '../../texts/text.ts'
import type { Action } from '../actions.tsx'
import { type ChipState, OwnerChip, StateChip } from '../chips.tsx'
import { PageHeader } from '../page-header.tsx'
import { useParentPage } from '../parent-page.tsx'
import { RelativeTime } from '../time.tsx'
import { ViewAs } from '../view-as.tsx'
import { EditDrawer, type EditFormProps } from './edit-drawer.tsx'
import { confirmWithReason, pickTyped } from '../confirm.ts'
import { smallIcon } from '../small-icon.tsx'
import { showDone } from '../toasts.tsx'
import { deleteObject, restore } from './object-types.ts'

interface Held {
  readonly state: 'suspended' | 'revoked'
  readonly by: string
  readonly since: string
  readonly reason?: string | undefined
}

interface AnyObject {
  readonly [member: string]: unknown
  readonly id: string
  readonly owner: 'file' | 'database'
  readonly revision: number
}

interface ObjectHeaderProps<T> {
  readonly collection: Collection
  readonly object: AnyObject & T
  readonly etag: string
  readonly title: string
  readonly chip?: ChipState
  readonly lead: ReactNode
  /** Who suspended or revoked it, if anyone did */
  readonly held?: Held | undefined
  readonly form?: Pick<EditFormProps<T>, 'fields' | 'missing' | 'reload'> & { readonly title?: string }
  /** Shows the form, if it is not edited in a drawer */
  readonly edit?: () => void
  /** While it is edited inline, other actions are disabled */
  readonly editing?: boolean
  /** Of its kind */
  readonly actions?: readonly Action[]
  /** Links to other pages, with this object filled in */
  readonly links?: readonly Action[]
  /** Must be suspended before it can be deleted */
  readonly suspendFirst?: boolean
}

export function ObjectHeader<T extends { readonly id: string }>(props: ObjectHeaderProps<T>) {
  const { collection, object, etag, title, chip, lead, held, form, editing = false } = props
  const block = useBlock(collection, object.id)
  const [open, setOpen] = useState<'edit' | 'view-as' | undefined>(undefined)
  const list = useParentPage()
  const navigate = useNavigate()
  const confirmDelete = () =>
    confirmDeleteObject({ collection, object, etag, title }, () => navigate({ to: list?.to ?? '/' }))
  const close = () => setOpen(undefined)
  return (
    <>
      <PageHeader
        title={title}
        chips={
          <>
            {chip === undefined ? null : <StateChip state={chip} />}
            {block === undefined ? null : <StateChip state="blocked" />}
            <OwnerChip owner={object.owner} />
          </>
        }
        lead={<Lead lead={lead} held={held} block={block} />}
        actions={editing ? [] : listActions(props, setOpen, confirmDelete)}
      />
      {form === undefined ? null : (
        <EditDrawer<T>
          title={text('object.edit', { name: title })}
          {...form}
          {...{ collection, object, etag, close }}
          opened={open === 'edit'}
        />
      )}
      <ViewAs {...{ collection, object, close }} id={object.id} opened={open === 'view-as'} />
    </>
  )
}

const BLOCKED_KINDS: Partial<Record<Collection, Block['kind']>> = {
  users: 'user',
  apps: 'app',
  connections: 'connection',
}

/** @returns the standing block of an object, since its own state says nothing about blocks */
function useBlock(collection: Collection, target: string): Block | undefined {
  const kind = BLOCKED_KINDS[collection]
  const found = useApiIfAllowed('blocks.list', { query: { target } }, { enabled: kind !== undefined })
  return found.data?.body.items.find((one) => one.kind === kind && one.active)
}

/** Who stopped it, when and why */
function Stopped({
  state,
  by,
  since,
  reason,
}: Omit<Held, 'state'> & { readonly state: Held['state'] | 'blocked' }) {
  const stopped = text('connection.held', { state: text(`chip.${state}`), by: useNames().user(by) })
  return (
    <p role="status">
      <strong>{state === 'blocked' ? <Link to="/blocks">{stopped}</Link> : stopped}</strong>{' '}
      <RelativeTime moment={since} />
      {reason === undefined ? '' : ` · ${text('connection.heldReason', { reason })}`}
    </p>
  )
}

interface LeadProps extends Pick<ObjectHeaderProps<never>, 'lead' | 'held'> {
  readonly block: Block | undefined
}

function Lead({ lead, held, block }: LeadProps) {
  return (
    <>
      {typeof lead === 'string' ? <p>{lead}</p> : lead}
      {held === undefined ? null : <Stopped {...held} />}
      {block === undefined ? null : <Stopped {...block} state="blocked" />}
    </>
  )
}

function listActions<T>(
  { collection, object, edit, actions = [], links = [], held, suspendFirst = false }: ObjectHeaderProps<T>,
  open: (dialog: 'edit' | 'view-as') => void,
  confirmDelete: () => void,
): readonly Action[] {
  const { owner } = object
  const mustWait = suspendFirst && held === undefined ? text('connection.deleteSuspendedFirst') : undefined
  return [
    {
      label: text('connection.edit'),
      icon: smallIcon(IconPencil),
      // Shown next to the name if nothing else is.
      ...(actions.length === 0 ? {} : { inMenu: 'usual' }),
      keys: 'e',
      needs: `${collection}.change`,
      owner,
      run: edit ?? (() => open('edit')),
    },
    ...actions,
    {
      label: text('viewAs.open'),
      icon: smallIcon(IconCode),
      inMenu: 'usual',
      run: () => open('view-as'),
    },
    {
      label: text('connection.delete'),
      icon: smallIcon(IconTrash),
      needs: `${collection}.delete`,
      inMenu: 'dangerous',
      owner,
      disabled: mustWait,
      run: confirmDelete,
    },
    ...links,
  ]
}

/** The server reports remaining references. */
function confirmDeleteObject(
  {
    collection,
    object,
    etag,
    title,
  }: Pick<ObjectHeaderProps<unknown>, 'collection' | 'object' | 'etag' | 'title'>,
  leave: () => Promise<void>,
): void {
  const { id } = object
  confirmWithReason({
    danger: true,
    typeName: pickTyped(title, id),
    title: text('connection.deleteTitle', { name: title }),
    confirmLabel: text('connection.delete'),
    help: text('connection.deleteHelp'),
    async confirm(reason) {
      await deleteObject(collection, { params: { id }, ifMatch: etag, reason })
      showDone({
        message: text('connection.deleted'),
        undo: () => restore(collection, object, text('connection.undoReason')),
      })
      await leave()
    },
  })
}
