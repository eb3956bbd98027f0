// Dialogs of the frame. Each is loaded when first opened, and stays mounted so that it returns the focus on close.
import { useLocation } from '@tanstack/react-router'
import { type ComponentType, lazy, type ReactNode, Suspense, useEffect, useState } from 'react'

import { onOverrideQuestion, type OverrideQuestion } from '../api/override.ts'
import { type ConfirmForm, type ConfirmRequest, onConfirmRequest } from '../components/confirm.ts'
import type { DialogProps } from '../hooks/use-dialog.ts'
import { holdShortcuts } from '../keyboard/shortcuts.tsx'

/** After the first page was loaded. */
const PRELOAD_MS = 2_000

const HelpSheet = lazy(async () => ({ default: (await import('../keyboard/help-sheet.tsx')).HelpSheet }))
const loadPalette = async () => ({ default: (await import('./palette.tsx')).Palette })
const Palette = lazy(loadPalette)
const MenuDrawer = lazy(async () => ({ default: (await import('./menu-drawer.tsx')).MenuDrawer }))
const OverrideDialog = lazy(async () => ({
  default: (await import('../components/override-dialog.tsx')).OverrideDialog,
}))
const ReasonDialog = lazy(async () => ({
  default: (await import('../components/reason-dialog.tsx')).ReasonDialog,
}))

/** Loads the palette when the page has nothing else to do, so that it opens at the first letter. */
export function usePreloadedPalette(): void {
  useEffect(() => {
    const timer = setTimeout(() => void loadPalette().catch(() => undefined), PRELOAD_MS)
    return () => clearTimeout(timer)
  }, [])
}

export const HelpDialog = lazyDialog(HelpSheet)
export const PaletteDialog = lazyDialog(Palette)
export const MenuDialog = lazyDialog(MenuDrawer)

export function OverrideDialogHost() {
  const [question, setQuestion] = useState<OverrideQuestion | undefined>(undefined)
  useEffect(() => onOverrideQuestion(setQuestion), [])
  const answer = (reason: string | undefined) => {
    question?.answer(reason)
    setQuestion(undefined)
  }
  return (
    <LazyMount needed={question !== undefined}>
      {(mounted) => <OverrideDialog question={mounted ? question : undefined} answer={answer} />}
    </LazyMount>
  )
}

interface ShownRequest {
  readonly request: ConfirmRequest
  /** Different for each dialog */
  readonly count: number
  readonly opened: boolean
}

/** Closes with the page that opened it. */
export function ReasonDialogHost() {
  const [shown, setShown] = useState<ShownRequest>()
  useEffect(
    () =>
      onConfirmRequest((request) =>
        setShown((before) => ({ request, count: (before?.count ?? 0) + 1, opened: true })),
      ),
    [],
  )
  const path = useLocation({ select: ({ pathname }) => pathname })
  useEffect(() => setShown((now) => now && { ...now, opened: false }), [path])
  // A change that finishes after its dialog was cancelled must not close the next dialog.
  const close = (count: number) => setShown((now) => (now?.count === count ? { ...now, opened: false } : now))
  return shown?.request((form) => (
    <DraftingDialog key={shown.count} {...form} opened={shown.opened} close={() => close(shown.count)} />
  ))
}

function DraftingDialog<D extends object>({ initial, build, opened, close }: ConfirmForm<D> & DialogProps) {
  const [draft, setDraft] = useState(initial)
  const options = build(draft, (change) => setDraft((before) => ({ ...before, ...change })))
  const forget = () => {
    close()
    // What was entered may be a secret.
    setDraft(initial)
  }
  return (
    <LazyMount needed={opened}>
      {(mounted) => (
        <ReasonDialog {...options} isFilled={draft !== initial} opened={opened && mounted} close={forget} />
      )}
    </LazyMount>
  )
}

function lazyDialog(Dialog: ComponentType<DialogProps>) {
  return function LazyDialog({ opened, close }: DialogProps) {
    return (
      <LazyMount needed={opened}>
        {(mounted) => <Dialog opened={opened && mounted} close={close} />}
      </LazyMount>
    )
  }
}

interface LazyMountProps {
  readonly needed: boolean
  /** @param mounted - false at first, since a dialog remembers the focused element when it changes from closed to open */
  readonly children: (mounted: boolean) => ReactNode
}

function LazyMount({ needed, children }: LazyMountProps) {
  const [everNeeded, setEverNeeded] = useState(needed)
  if (needed && !everNeeded) setEverNeeded(true)
  return (
    <Suspense fallback={<HeldShortcuts />}>
      {everNeeded ? <AfterMount>{children}</AfterMount> : null}
    </Suspense>
  )
}

function HeldShortcuts() {
  useEffect(() => holdShortcuts(), [])
  return null
}

function AfterMount({ children }: Pick<LazyMountProps, 'children'>) {
  const [mounted, setMounted] = useState(false)
  useEffect(() => setMounted(true), [])
  return children(mounted)
}
