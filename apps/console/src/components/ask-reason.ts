// Opens the dialog that asks for the reason of a change. One dialog in the frame serves all pages.
import type { ReactNode } from 'react'

export interface ReasonQuestion {
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
  readonly confirm: (reason: string) => Promise<unknown>
}

/** A question whose text or fields depend on what the user enters. */
export interface Asked {
  readonly initial: object
  readonly build: (draft: never, set: (change: object) => void) => ReasonQuestion
}

let show: ((asked: Asked) => void) | undefined

/** @returns a function that ends it */
export function onReasonAsked(next: (asked: Asked) => void): () => void {
  show = next
  return () => {
    if (show === next) show = undefined
  }
}

export function askReason(question: ReasonQuestion): void {
  askWith({}, () => question)
}

/**
 * Asks with fields next to the reason.
 *
 * @param initial - their values when the dialog opens
 */
export function askWith<D extends object>(
  initial: D,
  build: (draft: D, set: (change: Partial<D>) => void) => ReasonQuestion,
): void {
  show?.({ initial, build: build as Asked['build'] })
}
