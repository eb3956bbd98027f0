// The number of items that wait for a decision of the user, next to the inbox in the menu.
import { usePending } from '../session/use-pending.ts'
import { countText, formatNumber, text } from '../texts/text.ts'

export function InboxCount() {
  const pending = usePending()
  if (pending === undefined || pending.count === 0) return null
  const { count, isMore } = pending
  return (
    <span className="cw-nav-count">
      <span aria-hidden="true">{isMore ? text('nav.overCount', { count }) : formatNumber(count)}</span>
      <span className="cw-hidden">
        {isMore ? text('nav.overWaiting', { count }) : countText('nav.oneWaiting', 'nav.waiting', count)}
      </span>
    </span>
  )
}
