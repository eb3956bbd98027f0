// Shows whether the page updates live. Prominent only if it does not.
import { useLiveState } from '../api/live.ts'
import { text } from '../texts/text.ts'

export function LiveChip() {
  const state = useLiveState()
  return (
    <span className={`cw-live cw-live-${state}`} role="status">
      <span className="cw-live-dot" aria-hidden="true" />
      <span className={state === 'lost' ? undefined : 'cw-wide-only'}>{text(`live.${state}`)}</span>
    </span>
  )
}
