// The one way to edit an object: form, difference and reason. Never overwrites another user's change, and does not lose a
// draft to a stray key or click.
import { Button } from '@mantine/core'
import type { Collection } from '@crosswalk/admin-api'
import { type ReactNode, type RefObject, useEffect, useRef, useState } from 'react'

import { kindOf } from '../../api/problem.ts'
import { text } from '../../texts/text.ts'
import { ChangeList, findDifferences } from '../change-list.tsx'
import { ChangeProblem } from '../change-problem.tsx'
import { DiscardDialog, LeaveGuard } from '../leave-guard.tsx'
import { ReasonDialog } from '../reason-dialog.tsx'
import { SideDrawer } from '../side-drawer.tsx'
import { showDone } from '../toasts.tsx'
import { pickDefinition } from './definition.ts'
import { useReplace } from './object-types.ts'

export interface EditFormProps<T> {
  readonly collection: Collection
  readonly object: T
  readonly etag: string
  readonly close: () => void
  readonly reload: () => void
  /** What keeps the draft from being saved, in words for the user */
  readonly missing?: string | undefined
  readonly fields: (draft: T, change: (draft: T) => void) => ReactNode
  /** What the draft would do, beside its differences, before it is saved */
  readonly effect?: (draft: T) => ReactNode
}

interface EditDrawerProps<T> extends EditFormProps<T> {
  readonly title: string
  readonly opened: boolean
}

export function EditDrawer<T extends { readonly id: string }>(props: EditDrawerProps<T>) {
  const isChanged = useRef(false)
  const [asking, setAsking] = useState(false)
  const leave = () => {
    setAsking(false)
    props.close()
  }
  return (
    <>
      <SideDrawer
        opened={props.opened}
        close={() => {
          // In the next turn: the dialog that opens would hear the same key.
          if (isChanged.current) setTimeout(() => setAsking(true))
          else leave()
        }}
        title={props.title}
      >
        <EditForm {...props} close={leave} reported={isChanged} />
      </SideDrawer>
      <DiscardDialog opened={asking} keep={() => setAsking(false)} discard={leave} />
    </>
  )
}

interface FormProps<T> extends EditFormProps<T> {
  /** Whether the draft is changed, for the drawer around the form */
  readonly reported?: RefObject<boolean>
}

export function EditForm<T extends { readonly id: string }>(props: FormProps<T>) {
  const { collection, object, etag, close, reload, fields, effect, missing, reported } = props
  // As it was when the form was opened: what others change meanwhile must not be overwritten unseen.
  const [opened, setOpened] = useState({ object, etag })
  const [draft, setDraft] = useState<T>(() => pickDefinition(collection, object))
  const [saving, setSaving] = useState(false)
  const [stale, setStale] = useState<unknown>(undefined)
  const replace = useReplace(collection)
  const differences = findDifferences({ ...pickDefinition(collection, opened.object) }, { ...draft })
  const isChanged = differences.length > 0
  useEffect(() => {
    if (reported !== undefined) reported.current = isChanged
  }, [reported, isChanged])
  const restart = () => {
    reload()
    setOpened({ object, etag })
    setDraft(pickDefinition(collection, object))
    setStale(undefined)
  }
  async function save(reason: string | undefined): Promise<void> {
    try {
      await replace({ id: object.id, etag: opened.etag, definition: draft, reason })
    } catch (error) {
      if (kindOf(error) !== 'stale') throw error
      setStale(error)
      return
    }
    showDone({ message: text('edit.saved') })
    close()
  }
  return (
    <>
      <LeaveGuard changed={isChanged} />
      {stale === undefined ? null : <ChangeProblem error={stale} reload={restart} />}
      {fields(draft, setDraft)}
      <div className="cw-dialog-buttons">
        {missing === undefined ? null : <span className="cw-quiet-text">{missing}</span>}
        <Button onClick={close}>{text('form.discard')}</Button>
        <Button
          variant="filled"
          disabled={!isChanged || missing !== undefined}
          onClick={() => setSaving(true)}
        >
          {text('form.review')}
        </Button>
      </div>
      <ReasonDialog
        opened={saving}
        close={() => setSaving(false)}
        title={text('form.changes')}
        confirmLabel={text('form.save')}
        confirm={save}
      >
        <ChangeList differences={differences} />
        {effect?.(draft)}
      </ReasonDialog>
    </>
  )
}
