// Asks why before something is changed, since the audit log keeps the reason; for what cannot be undone also the name.
import { Button, Modal, TextInput } from '@mantine/core'
import { type FormEvent, type ReactNode, useState } from 'react'

import { text } from '../texts/text.ts'
import { ReasonField } from './fields.tsx'
import { ChangeProblem } from './change-problem.tsx'
import type { DialogProps } from '../hooks/use-dialog.ts'
import { showDone } from './toasts.tsx'

export interface ReasonDialogProps extends DialogProps {
  readonly title: string
  /** What will happen, before it does */
  readonly help?: string
  /** Below the help */
  readonly children?: ReactNode
  readonly confirmLabel: string
  readonly danger?: boolean
  /** Must be typed before it can be confirmed */
  readonly typeName?: string
  /** false: may be left empty */
  readonly reasonNeeded?: boolean
  /** Said when it is done, where `confirm` does not say more itself */
  readonly done?: string
  /** Resolves when it is done; the dialog then closes, and stays with the problem when it throws */
  readonly confirm: (reason: string | undefined) => Promise<unknown>
}

export function ReasonDialog(props: ReasonDialogProps) {
  return (
    <Modal opened={props.opened} onClose={props.close} title={props.title}>
      <ReasonForm {...props} />
    </Modal>
  )
}

function ReasonForm(props: ReasonDialogProps) {
  const {
    close,
    help,
    children,
    done,
    confirmLabel,
    danger = false,
    typeName,
    reasonNeeded = true,
    confirm,
  } = props
  const [reason, setReason] = useState('')
  const [typed, setTyped] = useState('')
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<unknown>(undefined)
  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault()
    setBusy(true)
    setProblem(undefined)
    try {
      await confirm(reason.trim() === '' ? undefined : reason.trim())
      if (done !== undefined) showDone({ message: done })
      close()
    } catch (error) {
      setProblem(error)
    } finally {
      setBusy(false)
    }
  }
  return (
    <form onSubmit={(event) => void submit(event)}>
      {help === undefined ? null : <p>{help}</p>}
      {children}
      {problem === undefined ? null : <ChangeProblem error={problem} />}
      <ReasonField label={text('reason.label')} required={reasonNeeded} value={reason} change={setReason} />
      {typeName === undefined ? null : (
        <TextInput
          mt="sm"
          label={text('reason.typeName', { name: typeName })}
          value={typed}
          autoComplete="off"
          onChange={({ currentTarget }) => setTyped(currentTarget.value)}
        />
      )}
      <div className="cw-dialog-buttons">
        <Button onClick={close}>{text('form.cancel')}</Button>
        <Button
          type="submit"
          variant="filled"
          {...(danger ? { color: 'red' } : {})}
          loading={busy}
          disabled={typeName !== undefined && typed.trim() !== typeName}
        >
          {confirmLabel}
        </Button>
      </div>
    </form>
  )
}
