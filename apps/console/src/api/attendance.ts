// Whether a user is at this page. A page that keeps up with changes by itself must not keep its session alive, or the
// session of a user who has left the desk would never end.
const INPUTS = ['pointerdown', 'pointermove', 'keydown', 'wheel', 'touchmove', 'click', 'input'] as const

/** After this, requests of the page are no longer attributed to its user. */
const UNATTENDED_MS = 60_000
/** While the user acts without any request, such as writing a long text, the server is told this often. */
const TELL_MS = 300_000

let lastInputAt = Date.now()
let lastToldAt = Date.now()

export function isUnattended(): boolean {
  return Date.now() - lastInputAt > UNATTENDED_MS
}

/** @returns a function that unsubscribes */
export function followInput(tell: () => void): () => void {
  const note = () => {
    lastInputAt = Date.now()
    if (lastInputAt - lastToldAt < TELL_MS) return
    lastToldAt = lastInputAt
    tell()
  }
  const options = { capture: true, passive: true }
  for (const type of INPUTS) addEventListener(type, note, options)
  return () => {
    for (const type of INPUTS) removeEventListener(type, note, options)
  }
}
