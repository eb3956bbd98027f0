// The editor of every object: form, diff and reason. Never overwrites another user's change, and never loses a draft to a stray key or click.
import { Button } from '@mantine/core'
import type { Collection } from '@crosswalk/admin-api'
import { Fragment, type ReactNode, type RefObject, useEffect, useState } from 'react'

import { kindOf } from '../../api/problem.ts'
import { text } from '../../texts/text.ts'
import { confirmWithReason } from '../confirm.ts'
import { ChangeList } from '../change-list.tsx'
import { ChangeProblem } from '../change-problem.tsx'
import { FormFooter } from '../form-footer.tsx'
import { LeaveGuard, useCloseGuard } from '../leave-guard.tsx'
import { SideDrawer } from '../side-drawer.tsx'
import { showDone } from '../toasts.tsx'
import { compareVersions, pickDefinition } from './definition.ts'
import { replace } from './object-types.ts'

export interface EditFormProps<T> {
  readonly collection: Collection
  readonly object: T
  readonly etag: string
  readonly close: () => void
  readonly reload: () => void
  /** Why the draft cannot be saved */
  readonly missing?: (draft: T) => string | undefined
  readonly fields: (draft: T, change: (draft: T) => void) => ReactNode
  /** The effect of the draft, shown next to its diff before saving */
  readonly effect?: (draft: T) => ReactNode
  /** Success message, if the usual one says too little */
  readonly done?: string
}

interface EditDrawerProps<T> extends EditFormProps<T> {
  readonly title: string
  readonly opened: boolean
}

export function EditDrawer<T extends { readonly id: string }>(props: EditDrawerProps<T>) {
  const { isChanged, tryClose, leave, question } = useCloseGuard(props.close)
  return (
    <>
      <SideDrawer opened={props.opened} close={tryClose} title={props.title}>
        <EditForm {...props} close={leave} reported={isChanged} />
      </SideDrawer>
      {question}
    </>
  )
}

interface FormProps<T> extends EditFormProps<T> {
  /** Tells the surrounding component whether the draft has changed */
  readonly reported?: RefObject<boolean>
  /** There is input that the draft cannot hold, such as unreadable text */
  readonly isIncomplete?: boolean
  /** `close` starts over instead of closing */
  readonly staysOpen?: boolean
}

export function EditForm<T extends { readonly id: string }>(props: FormProps<T>) {
  const { collection, object, etag, close, reload, fields, effect, missing, reported } = props
  const { done = text('edit.saved'), isIncomplete = false, staysOpen = false } = props
  // The version from when the form was opened, so that concurrent changes are not silently overwritten.
  const [opened, setOpened] = useState({ object, etag })
  const [draft, setDraft] = useState<T>(() => pickDefinition(collection, object))
  const [stale, setStale] = useState<unknown>(undefined)
  const differences = compareVersions(collection, opened.object, draft)
  const isChanged = differences.length > 0 || isIncomplete
  useEffect(() => {
    if (reported !== undefined) reported.current = isChanged
  }, [reported, isChanged])
  const restart = () => {
    reload()
    setOpened({ object, etag })
    setDraft(pickDefinition(collection, object))
    setStale(undefined)
  }
  async function save(reason: string): Promise<void> {
    try {
      await replace(collection, draft, { params: { id: object.id }, ifMatch: opened.etag, reason })
    } catch (error) {
      if (kindOf(error) !== 'stale') throw error
      setStale(error)
      return
    }
    showDone({ message: done })
    close()
  }
  const review = () =>
    confirmWithReason({
      title: text('form.changes'),
      confirmLabel: text('form.save'),
      children: (
        <>
          <ChangeList differences={differences} />
          {effect?.(draft)}
        </>
      ),
      confirm: save,
    })
  return (
    <>
      <LeaveGuard changed={isChanged} />
      {stale === undefined ? null : <ChangeProblem error={stale} reload={restart} />}
      <Fragment key={opened.etag}>{fields(draft, setDraft)}</Fragment>
      <FormFooter missing={missing?.(draft)} label={text('form.review')} disabled={!isChanged} run={review}>
        <Button disabled={staysOpen && !isChanged} onClick={close}>
          {text('form.discard')}
        </Button>
      </FormFooter>
    </>
  )
}
