// Scrolls the current tab into the middle of its row, which on a narrow screen shows only some of its tabs.
import { type RefObject, useEffect, useRef } from 'react'

/** @returns a ref for the tab */
export function useCentered<E extends HTMLElement>(isHere: boolean): RefObject<E | null> {
  const ref = useRef<E>(null)
  useEffect(() => {
    const [tab, row] = [ref.current, ref.current?.closest('ul, [role=tablist]')]
    if (!isHere || !(tab && row instanceof HTMLElement)) return undefined
    // Not scrollIntoView, which would also scroll the page.
    const center = () => {
      const place = tab.getBoundingClientRect().left - row.getBoundingClientRect().left
      row.scrollTo({ left: row.scrollLeft + place - (row.clientWidth - tab.offsetWidth) / 2 })
    }
    const observer = new ResizeObserver(center)
    observer.observe(row)
    return () => observer.disconnect()
  }, [isHere])
  return ref
}
