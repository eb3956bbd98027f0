// Asks for a reason before a change, for the audit log; for irreversible changes also for the name.
import { Button, Modal, TextInput } from '@mantine/core'
import { type FormEvent, type ReactNode, useState } from 'react'

import { text } from '../texts/text.ts'
import { ReasonField } from './fields.tsx'
import { ChangeProblem } from './change-problem.tsx'
import type { DialogProps } from '../hooks/use-dialog.ts'
import { showDone } from './toasts.tsx'

export interface ReasonDialogProps extends DialogProps {
  readonly title: string
  /** The effect, shown in advance */
  readonly help?: string
  /** Below the help */
  readonly children?: ReactNode
  readonly confirmLabel: string
  readonly danger?: boolean
  /** Text to type before confirming */
  readonly typeName?: string
  /** false if it may be empty */
  readonly reasonNeeded?: boolean
  /** Success message, unless `confirm` shows its own */
  readonly done?: string
  /** Closes the dialog when it resolves; if it throws, the dialog stays open and shows the problem */
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
      <ReasonField label={text('word.reason')} required={reasonNeeded} value={reason} change={setReason} />
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
