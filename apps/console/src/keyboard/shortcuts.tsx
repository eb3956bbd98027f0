// The registry of keyboard shortcuts, used by the key handler, help sheet and palette. Single-key shortcuts do nothing in inputs, with modifiers,
// or when disabled (WCAG 2.1.4).
import { useEffect, useRef, useSyncExternalStore } from 'react'

import { areShortcutsOn } from '../theme/theme-store.ts'
import { createListeners } from '../hooks/listeners.ts'

export interface Shortcut {
  /** `e`, `/`, or a sequence such as `g o` */
  readonly keys: string
  readonly label: string
  readonly group: string
}

interface Registered extends Shortcut {
  run(event: KeyboardEvent): void
}

export const IS_APPLE = /Mac|iPhone|iPad/.test(navigator.userAgent)

/** The palette also opens from inside fields, since its shortcut has a modifier. */
export const PALETTE_KEYS = [IS_APPLE ? '⌘' : 'Ctrl', 'K'] as const

const SEQUENCE_MS = 1200
let registered: readonly Registered[] = []
let pressed = ''
let pressedAt = 0
const { subscribe, notify: tell } = createListeners()

function changeRegistered(next: readonly Registered[]): void {
  registered = next
  tell()
}

export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false
  if (target instanceof HTMLInputElement) return !/^(checkbox|radio|button|submit|range)$/.test(target.type)
  return target.isContentEditable || /^(textarea|select)$/i.test(target.tagName)
}

/** An open dialog receives all keys. */
export function isDialogOpen(): boolean {
  return document.querySelector('[role="dialog"][aria-modal="true"], dialog[open]') !== null
}

/** Modals cover the page and its drawers. */
function countModals(): number {
  return document.querySelectorAll('.mantine-Modal-content').length
}

export function isModalOpen(): boolean {
  return countModals() > 0
}

let modals = 0
// Before any layer handles it, since the top layer may be gone by the time a lower one does. Hence here: this file loads before all layers.
for (const kind of ['keydown', 'pointerdown']) addEventListener(kind, () => (modals = countModals()), true)

/** How many modals were open when the user last pressed something. */
export function countOpenModals(): number {
  return modals
}

let holds = 0

/** Ignores single-key shortcuts while a dialog loads, since what is typed is meant for it. @returns a function that ends it */
export function holdShortcuts(): () => void {
  holds += 1
  return () => void (holds -= 1)
}

function onKeyDown(event: KeyboardEvent): void {
  if (holds > 0) return
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return
  if (!areShortcutsOn() || isTyping(event.target)) return
  if (isDialogOpen()) return
  const now = event.timeStamp
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key
  const sequence = pressed !== '' && now - pressedAt < SEQUENCE_MS ? `${pressed} ${key}` : key
  const found = registered.findLast(({ keys }) => keys === sequence)
  pressed = found === undefined && registered.some(({ keys }) => keys.startsWith(`${key} `)) ? key : ''
  pressedAt = now
  if (found === undefined) return
  event.preventDefault()
  found.run(event)
}

export function installShortcuts(): () => void {
  document.addEventListener('keydown', onKeyDown)
  return () => document.removeEventListener('keydown', onKeyDown)
}

/** Registers a shortcut while the component is mounted; disabled if `run` is undefined. */
export function useShortcut(shortcut: Shortcut, run: ((event: KeyboardEvent) => void) | undefined): void {
  const latest = useRef(run)
  useEffect(() => {
    latest.current = run
  })
  const { keys, label, group } = shortcut
  const active = run !== undefined
  useEffect(() => {
    if (!active) return undefined
    const entry: Registered = { keys, label, group, run: (event) => latest.current?.(event) }
    changeRegistered([...registered, entry])
    return () => changeRegistered(registered.filter((one) => one !== entry))
  }, [keys, label, group, active])
}

export function useShortcuts(): readonly Shortcut[] {
  return useSyncExternalStore(subscribe, () => registered)
}
