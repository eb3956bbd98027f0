// The header of an object page: name, state, facts, the actions of its kind, and the actions of every object: edit, view as text, delete.
import { IconCode, IconPencil, IconTrash } from '@tabler/icons-react'
import type { BlockView as Block, Collection } from '@crosswalk/admin-api'
import { Link, useNavigate } from '@tanstack/react-router'
import { type ReactNode, useState } from 'react'

import { type Names, useNames } from '../../session/names.ts'
import { text } from '../../texts/text.ts'
import type { Action } from '../actions.tsx'
import { type ChipState, type Owned, OwnerChip, StateChip } from '../chips.tsx'
import { PageHeader } from '../page-header.tsx'
import { useParentPage } from '../parent-page.tsx'
import { RelativeTime } from '../time.tsx'
import { ViewAs } from '../view-as.tsx'
import { EditDrawer, type EditFormProps } from './edit-drawer.tsx'
import { confirmWithReason, pickTyped } from '../confirm.ts'
import { smallIcon } from '../small-icon.tsx'
import { showDone } from '../toasts.tsx'
import { deleteObject, restore } from './object-types.ts'
import { type Stoppable, useBlock } from './use-block.ts'

interface Held {
  readonly state: 'suspended' | 'revoked'
  readonly by: string
  readonly since: string
  readonly reason?: string | undefined
}

interface AnyObject extends Owned {
  readonly [member: string]: unknown
  readonly id: string
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
  /** What it is to a block, if one can stop it */
  readonly stoppable?: Stoppable
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
  const { collection, object, etag, title, chip, lead, held, form, stoppable = {}, editing = false } = props
  const block = useBlock(stoppable)
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
            <OwnerChip owner={object.owner} directory={object.directory} />
          </>
        }
        lead={<Lead lead={lead} held={held} block={block} id={object.id} />}
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

interface StoppedProps extends Pick<Held, 'since' | 'reason'> {
  /** Says what was stopped and who stopped it */
  readonly what: string
  /** Where it can be lifted */
  readonly to?: string
}

function Stopped({ what, to, since, reason }: StoppedProps) {
  return (
    <p role="status">
      <strong>{to === undefined ? what : <Link to={to}>{what}</Link>}</strong> <RelativeTime moment={since} />
      {reason === undefined ? '' : ` · ${text('connection.heldReason', { reason })}`}
    </p>
  )
}

interface LeadProps extends Pick<ObjectHeaderProps<never>, 'lead' | 'held'> {
  readonly block: Block | undefined
  /** Of the object */
  readonly id: string
}

function Lead({ lead, held, block, id }: LeadProps) {
  const names = useNames()
  return (
    <>
      {typeof lead === 'string' ? <p>{lead}</p> : lead}
      {held === undefined ? null : (
        <Stopped
          {...held}
          what={text('connection.held', { state: text(`chip.${held.state}`), by: names.user(held.by) })}
        />
      )}
      {block === undefined ? null : (
        <Stopped {...block} to="/blocks" what={describeBlock(block, id, names)} />
      )}
    </>
  )
}

/** Names what is blocked, unless it is the object itself. */
function describeBlock({ kind, target, by }: Block, id: string, names: Names): string {
  const who = names.user(by)
  if (target === id) return text('connection.held', { state: text('chip.blocked'), by: who })
  const name = kind === 'everything' ? text('respond.kind.everything') : names[kind](target)
  return text('object.blocked', { name, by: who })
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
