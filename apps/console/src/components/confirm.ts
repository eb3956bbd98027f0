// Opens the dialog that asks for the reason of a change. One dialog in the frame serves all pages.
import type { ReactNode } from 'react'

export interface ConfirmOptions {
  readonly title: string
  /** The effect, shown in advance */
  readonly help?: string
  /** What a field still lacks. Until then, the change cannot be confirmed. */
  readonly missing?: string | undefined
  /** Below the help */
  readonly children?: ReactNode
  readonly confirmLabel: string
  readonly danger?: boolean
  /** Text to type before confirming, see `pickTyped` */
  readonly typeName?: string
  /** Of the text, if it is not a reason */
  readonly reasonLabel?: string
  /** false if it may be empty */
  readonly reasonNeeded?: boolean
  /** Success message, unless `confirm` shows its own */
  readonly done?: string
  /** Closes the dialog when it resolves; if it throws, the dialog stays open and shows the problem */
  readonly confirm: (reason: string) => Promise<unknown>
}

/** @returns the name to type, or the ID if a keyboard may lack a letter of the name, such as the arrow between two apps */
export function pickTyped(name: string, id: string): string {
  return /^[!-~]+( [!-~]+)*$/.test(name) ? name : id
}

/** A question whose text or fields depend on what the user enters. */
export interface ConfirmForm<D extends object> {
  readonly initial: D
  readonly build: (draft: D, set: (change: Partial<D>) => void) => ConfirmOptions
}

/** A form of any type, which only the function that shows it learns. */
export type ConfirmRequest = <Shown>(showForm: <D extends object>(form: ConfirmForm<D>) => Shown) => Shown

let show: ((request: ConfirmRequest) => void) | undefined

/** @returns a function that unsubscribes */
export function onConfirmRequest(next: (request: ConfirmRequest) => void): () => void {
  show = next
  return () => {
    if (show === next) show = undefined
  }
}

export function confirmWithReason(options: ConfirmOptions): void {
  confirmWithForm({}, () => options)
}

/**
 * Asks with fields next to the reason.
 *
 * @param initial - their values when the dialog opens
 */
export function confirmWithForm<D extends object>(initial: D, build: ConfirmForm<D>['build']): void {
  show?.((showForm) => showForm({ initial, build }))
}
