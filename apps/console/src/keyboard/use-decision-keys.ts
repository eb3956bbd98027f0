// Single-key shortcuts for the actions of the open item, except in fields and while a dialog is open.
import { useEffect } from 'react'

import { isModalOpen, isTyping } from './shortcuts.tsx'
import { areShortcutsOn } from '../theme/theme-store.ts'

/**
 * @param keys - declare it outside the component
 * @param answer - undefined if the user may not act
 */
export function useDecisionKeys<T>(
  keys: Readonly<Record<string, T>>,
  answer: ((action: T) => void) | undefined,
): void {
  useEffect(() => {
    if (answer === undefined) return undefined
    function onKeyDown(event: KeyboardEvent): void {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return
      if (!areShortcutsOn() || isTyping(event.target) || isModalOpen()) return
      const action = Object.hasOwn(keys, event.key.toLowerCase()) ? keys[event.key.toLowerCase()] : undefined
      if (action === undefined) return
      event.preventDefault()
      answer?.(action)
    }
    document.addEventListener('keydown', onKeyDown)
    return () => document.removeEventListener('keydown', onKeyDown)
  }, [keys, answer])
}
