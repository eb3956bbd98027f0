// Short messages about completed actions, with Undo if possible. Each also goes into a list, since a brief message is easily missed.
import { Button } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconAlertTriangle, IconCheck } from '@tabler/icons-react'
import { useSyncExternalStore } from 'react'

import { describeProblem, kindOf } from '../api/problem.ts'
import { text } from '../texts/text.ts'
import { createListeners } from '../hooks/listeners.ts'

const UNDO_MS = 10_000
const MESSAGE_MS = 6_000
const MAX_KEPT = 20

interface Logged {
  readonly id: string
  readonly at: number
  readonly message: string
}

let log: readonly Logged[] = []
let count = 0
const { subscribe, notify: tell } = createListeners()

function keep(message: string): string {
  count += 1
  const id = `toast-${count}`
  log = [{ id, at: Date.now(), message }, ...log].slice(0, MAX_KEPT)
  tell()
  return id
}

/** @returns the latest messages, newest first */
export function useToastLog(): readonly Logged[] {
  return useSyncExternalStore(subscribe, () => log)
}

interface Done {
  readonly message: string
  /** Undoes the change; offered for ten seconds */
  readonly undo?: () => Promise<unknown>
}

export function showDone({ message, undo }: Done): void {
  const id = keep(message)
  notifications.show({
    id,
    message: undo === undefined ? message : <Undoable id={id} message={message} undo={undo} />,
    color: 'green',
    icon: <IconCheck size={18} aria-hidden="true" />,
    autoClose: undo === undefined ? MESSAGE_MS : UNDO_MS,
    closeButtonProps: { 'aria-label': text('toast.close') },
  })
}

export function showFailed(error: unknown): void {
  const message = describeProblem(error)
  const id = keep(`${text('toast.failed')}: ${message}`)
  notifications.show({
    id,
    title: text('toast.failed'),
    message,
    color: 'red',
    icon: <IconAlertTriangle size={18} aria-hidden="true" />,
    // The page is covered until the user has signed in again.
    autoClose: kindOf(error) === 'signed-out' ? false : UNDO_MS,
    closeButtonProps: { 'aria-label': text('toast.close') },
  })
}

function Undoable({ id, message, undo }: Required<Done> & { readonly id: string }) {
  return (
    <div className="cw-row">
      <span>{message}</span>
      <Button
        size="compact-sm"
        onClick={() => {
          notifications.hide(id)
          undo().catch(showFailed)
        }}
      >
        {text('toast.undo')}
      </Button>
    </div>
  )
}
