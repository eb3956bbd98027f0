// Dialogs of the frame. Each is loaded when it opens for the first time, and stays then, so that it can close softly and
// give the focus back.
import { lazy, Suspense, useEffect, useState } from 'react'

import { onOverrideQuestion, type OverrideQuestion } from '../api/override.ts'

const Menu = lazy(async () => ({ default: (await import('./menu-drawer.tsx')).MenuDrawer }))
const Override = lazy(async () => ({
  default: (await import('../components/override-dialog.tsx')).OverrideDialog,
}))

interface MenuDialogProps {
  readonly opened: boolean
  readonly close: () => void
}

export function MenuDialog({ opened, close }: MenuDialogProps) {
  return <Suspense>{useHasBeen(opened) ? <Menu opened={opened} close={close} /> : null}</Suspense>
}

export function OverrideQuestions() {
  const [question, setQuestion] = useState<OverrideQuestion | undefined>(undefined)
  useEffect(() => onOverrideQuestion(setQuestion), [])
  const answer = (reason: string | undefined) => {
    question?.answer(reason)
    setQuestion(undefined)
  }
  const wanted = useHasBeen(question !== undefined)
  return <Suspense>{wanted ? <Override question={question} answer={answer} /> : null}</Suspense>
}

/** @returns whether `now` is or ever was true */
function useHasBeen(now: boolean): boolean {
  const [hasBeen, setHasBeen] = useState(now)
  if (now && !hasBeen) setHasBeen(true)
  return hasBeen || now
}
