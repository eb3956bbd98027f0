// The drawer that edits an object: form, difference and reason; never overwrites another user's change.
import { Button, Drawer } from '@mantine/core'
import type { Collection } from '@crosswalk/admin-api'
import { type ReactNode, useState } from 'react'

import { kindOf } from '../../api/problem.ts'
import { pickDefinition } from './definition.ts'
import { text } from '../../texts/text.ts'
import { ChangeList, findDifferences } from '../change-list.tsx'
import { ChangeProblem } from '../change-problem.tsx'
import { ReasonDialog } from '../reason-dialog.tsx'
import { showDone } from '../toasts.tsx'
import { useReplace } from './object-types.ts'

interface EditObjectProps<T> {
  readonly collection: Collection
  readonly object: T
  readonly etag: string
  readonly title: string
  readonly opened: boolean
  readonly close: () => void
  readonly reload: () => void
  readonly fields: (draft: T, change: (draft: T) => void) => ReactNode
}

export function EditObject<T extends { readonly id: string }>(props: EditObjectProps<T>) {
  return (
    <Drawer
      opened={props.opened}
      onClose={props.close}
      position="right"
      size="46rem"
      title={props.title}
      closeButtonProps={{ 'aria-label': text('help.close') }}
    >
      <EditForm {...props} />
    </Drawer>
  )
}

function EditForm<T extends { readonly id: string }>(props: EditObjectProps<T>) {
  const { collection, object, etag, close, reload, fields } = props
  // As it was when the form was opened: what others change meanwhile must not be overwritten unseen.
  const [opened, setOpened] = useState({ object, etag })
  const [draft, setDraft] = useState<T>(() => pickDefinition(collection, object))
  const [saving, setSaving] = useState(false)
  const [stale, setStale] = useState<unknown>(undefined)
  const replace = useReplace(collection)
  const differences = findDifferences({ ...pickDefinition(collection, opened.object) }, { ...draft })
  const restart = () => {
    reload()
    setOpened({ object, etag })
    setDraft(pickDefinition(collection, object))
    setStale(undefined)
  }
  async function save(reason: string | undefined): Promise<void> {
    try {
      await replace.mutateAsync({
        params: { id: object.id },
        ifMatch: opened.etag,
        body: draft as never,
        reason,
      })
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
      {stale === undefined ? null : <ChangeProblem error={stale} reload={restart} />}
      {fields(draft, setDraft)}
      <div className="cw-dialog-buttons">
        <Button onClick={close}>{text('form.discard')}</Button>
        <Button variant="filled" disabled={differences.length === 0} onClick={() => setSaving(true)}>
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
      </ReasonDialog>
    </>
  )
}
