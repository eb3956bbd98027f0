// Keeps the focus near where it was if the focused element disappears, like the button of a removed row. Without this, Tab would start again at
// the top of the page.
import { useEffect } from 'react'

/** Dialogs return the focus themselves, a moment after they close. */
const PATIENCE_MS = 100

export function useKeptFocus(): void {
  useEffect(() => {
    let path: readonly EventTarget[] = []
    let timer: ReturnType<typeof setTimeout> | undefined
    const remember = (event: FocusEvent) => {
      path = event.composedPath()
    }
    const restore = () => {
      if (isLost(path[0])) findNearest(path)?.focus({ preventScroll: true })
    }
    const observer = new MutationObserver(() => {
      if (!isLost(path[0])) return
      clearTimeout(timer)
      timer = setTimeout(restore, PATIENCE_MS)
    })
    document.addEventListener('focusin', remember)
    observer.observe(document.body, { childList: true, subtree: true })
    return () => {
      document.removeEventListener('focusin', remember)
      observer.disconnect()
      clearTimeout(timer)
    }
  }, [])
}

function isLost(focused: EventTarget | undefined): boolean {
  return focused instanceof Node && !focused.isConnected && document.activeElement === document.body
}

/** The closest of its surroundings that is still there; after a dialog, the layer below it. */
function findNearest(path: readonly EventTarget[]): HTMLElement | undefined {
  const around = path.filter((one) => one instanceof HTMLElement)
  const layers = [...document.querySelectorAll<HTMLElement>('#page, [role=dialog]')]
  return around.find((one) => one.isConnected && one.hasAttribute('tabindex')) ?? layers.at(-1)
}
