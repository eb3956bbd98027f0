// `J` and `K` move through the rows or cards of a page, across its lists; `X` selects the focused one, `Enter` opens it (handled by the row).
import { useCallback } from 'react'

import { useShortcut } from '../keyboard/shortcuts.tsx'
import { text } from '../texts/text.ts'

/** @param selects - whether rows have a checkbox */
export function useRowKeys(selects = false): void {
  const move = useCallback((step: 1 | -1) => {
    const rows = [...document.querySelectorAll<HTMLElement>('#page [data-row]')]
    const at = rows.findIndex((row) => row.contains(document.activeElement))
    const next = at === -1 ? (step === 1 ? 0 : rows.length - 1) : at + step
    rows[Math.min(Math.max(next, 0), rows.length - 1)]?.focus()
  }, [])
  const select = useCallback(() => {
    const row = document.activeElement?.closest('[data-row]')
    row?.querySelector<HTMLInputElement>('.cw-select-cell input')?.click()
  }, [])
  const group = text('help.group.list')
  useShortcut({ keys: 'j', label: text('table.next'), group }, () => move(1))
  useShortcut({ keys: 'k', label: text('table.previous'), group }, () => move(-1))
  useShortcut({ keys: 'x', label: text('table.selectRow'), group }, selects ? select : undefined)
}
