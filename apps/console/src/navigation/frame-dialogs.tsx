// Dialogs of the frame. Each is loaded when first opened, and stays mounted so that it returns the focus on close.
import { useLocation } from '@tanstack/react-router'
import { type ComponentType, lazy, type ReactNode, Suspense, useEffect, useState } from 'react'

import { onOverrideQuestion, type OverrideQuestion } from '../api/override.ts'
import { type Asked, onReasonAsked } from '../components/ask-reason.ts'
import type { DialogProps } from '../hooks/use-dialog.ts'

const HelpSheet = lazy(async () => ({ default: (await import('../keyboard/help-sheet.tsx')).HelpSheet }))
const Palette = lazy(async () => ({ default: (await import('./palette.tsx')).Palette }))
const MenuDrawer = lazy(async () => ({ default: (await import('./menu-drawer.tsx')).MenuDrawer }))
const OverrideDialog = lazy(async () => ({
  default: (await import('../components/override-dialog.tsx')).OverrideDialog,
}))
const ReasonDialog = lazy(async () => ({
  default: (await import('../components/reason-dialog.tsx')).ReasonDialog,
}))

export const HelpDialog = whenFirstOpened(HelpSheet)
export const PaletteDialog = whenFirstOpened(Palette)
export const MenuDialog = whenFirstOpened(MenuDrawer)

export function OverrideQuestions() {
  const [question, setQuestion] = useState<OverrideQuestion | undefined>(undefined)
  useEffect(() => onOverrideQuestion(setQuestion), [])
  const answer = (reason: string | undefined) => {
    question?.answer(reason)
    setQuestion(undefined)
  }
  return (
    <WhenFirstNeeded needed={question !== undefined}>
      {(mounted) => <OverrideDialog question={mounted ? question : undefined} answer={answer} />}
    </WhenFirstNeeded>
  )
}

/** Closes with the page that asked. */
export function ReasonQuestions() {
  const [asked, setAsked] = useState<Asked | undefined>(undefined)
  const [draft, setDraft] = useState<object>({})
  const [opened, setOpened] = useState(false)
  useEffect(
    () =>
      onReasonAsked((next) => {
        setAsked(next)
        setDraft(next.initial)
        setOpened(true)
      }),
    [],
  )
  const path = useLocation({ select: ({ pathname }) => pathname })
  const close = () => {
    setOpened(false)
    // What was entered may be a secret.
    if (asked !== undefined) setDraft(asked.initial)
  }
  useEffect(() => setOpened(false), [path])
  if (asked === undefined) return null
  const question = asked.build(draft as never, (change) => setDraft((before) => ({ ...before, ...change })))
  return (
    <WhenFirstNeeded needed={opened}>
      {(mounted) => <ReasonDialog {...question} opened={opened && mounted} close={close} />}
    </WhenFirstNeeded>
  )
}

function whenFirstOpened(Dialog: ComponentType<DialogProps>) {
  return function LazyDialog({ opened, close }: DialogProps) {
    return (
      <WhenFirstNeeded needed={opened}>
        {(mounted) => <Dialog opened={opened && mounted} close={close} />}
      </WhenFirstNeeded>
    )
  }
}

interface WhenFirstNeededProps {
  readonly needed: boolean
  /** @param mounted - false at first, since a dialog remembers the focused element when it changes from closed to open */
  readonly children: (mounted: boolean) => ReactNode
}

function WhenFirstNeeded({ needed, children }: WhenFirstNeededProps) {
  const [wasNeeded, setWasNeeded] = useState(needed)
  if (needed && !wasNeeded) setWasNeeded(true)
  return <Suspense>{wasNeeded ? <Mounting>{children}</Mounting> : null}</Suspense>
}

function Mounting({ children }: Pick<WhenFirstNeededProps, 'children'>) {
  const [mounted, setMounted] = useState(false)
  useEffect(() => setMounted(true), [])
  return children(mounted)
}
