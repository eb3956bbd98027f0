// Asks before a user loses input, or a secret that is shown once: by a link, a tab, the back button, a stray key or click, or by closing the
// browser tab.
import { Button, Modal } from '@mantine/core'
import { useBlocker } from '@tanstack/react-router'
import { type ReactNode, type RefObject, useRef, useState } from 'react'

import { text } from '../texts/text.ts'

const QUESTIONS = {
  input: ['form.unsaved', 'form.unsavedHelp', 'form.discard', 'form.keepEditing'],
  secret: ['secret.unsaved', 'secret.unsavedHelp', 'secret.leave', 'secret.stay'],
} as const

interface LeaveGuardProps {
  readonly changed: boolean
  readonly of?: keyof typeof QUESTIONS
}

export function LeaveGuard({ changed, of = 'input' }: LeaveGuardProps) {
  const blocker = useBlocker({
    // Steps, filters and rows of the same page only change other parts of the URL, and lose nothing.
    shouldBlockFn: ({ current, next }) =>
      changed && (current.pathname !== next.pathname || tabOf(current.search) !== tabOf(next.search)),
    enableBeforeUnload: changed,
    withResolver: true,
  })
  const isBlocked = blocker.status === 'blocked'
  return (
    <LossDialog
      of={of}
      opened={isBlocked}
      keep={() => blocker.reset?.()}
      discard={() => blocker.proceed?.()}
    />
  )
}

/** The tab of a page that is open, as `PageTabs` names it. */
function tabOf(search: unknown): string | undefined {
  return (search as { readonly tab?: string }).tab
}

export interface CloseGuard {
  /** Set by the form in the layer */
  readonly isChanged: RefObject<boolean>
  /** Closes the layer, after the question if its input would be lost */
  readonly tryClose: () => void
  /** Closes the layer without the question */
  readonly leave: () => void
  /** To be rendered outside of the layer */
  readonly question: ReactNode
}

/** For a drawer or dialog with a form. Leaving the page is up to a `LeaveGuard` in the form. */
export function useCloseGuard(close: () => void): CloseGuard {
  const isChanged = useRef(false)
  const { ask, answered, question } = useLossQuestion()
  const leave = () => {
    answered()
    close()
  }
  return {
    isChanged,
    leave,
    tryClose() {
      if (isChanged.current) ask(close)
      else leave()
    },
    question,
  }
}

export interface LossQuestion {
  /** @param lose - runs if the user discards the input */
  readonly ask: (lose: () => void) => void
  /** Closes the question */
  readonly answered: () => void
  readonly question: ReactNode
}

/** For an action on the page that replaces input. */
export function useLossQuestion(): LossQuestion {
  const [asked, setAsked] = useState<{ lose(): void }>()
  const answered = () => setAsked(undefined)
  return {
    // In the next tick, or the opening dialog would receive the same key event.
    ask(lose) {
      if (asked === undefined) setTimeout(() => setAsked({ lose }))
    },
    answered,
    question: (
      <LossDialog
        of="input"
        opened={asked !== undefined}
        keep={answered}
        discard={() => {
          answered()
          asked?.lose()
        }}
      />
    ),
  }
}

/** Above drawers and dialogs. */
const Z_INDEX = 260

interface LossDialogProps {
  readonly of: keyof typeof QUESTIONS
  readonly opened: boolean
  readonly keep: () => void
  readonly discard: () => void
}

function LossDialog({ of, opened, keep, discard }: LossDialogProps) {
  const [title, help, leave, stay] = QUESTIONS[of]
  return (
    <Modal opened={opened} onClose={keep} title={text(title)} zIndex={Z_INDEX}>
      <p>{text(help)}</p>
      <div className="cw-dialog-buttons">
        <Button onClick={discard}>{text(leave)}</Button>
        <Button variant="filled" data-autofocus onClick={keep}>
          {text(stay)}
        </Button>
      </div>
    </Modal>
  )
}
