// The open state of a dialog.
import { useState } from 'react'

/** State and functions of a dialog. */
export interface DialogProps {
  readonly opened: boolean
  readonly close: () => void
}

export interface DialogState {
  readonly open: () => void
  readonly props: DialogProps
}

export function useDialog(): DialogState {
  const [opened, setOpened] = useState(false)
  return { open: () => setOpened(true), props: { opened, close: () => setOpened(false) } }
}
