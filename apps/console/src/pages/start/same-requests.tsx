// Other open requests for the same access, and buttons that decide all of them together.
import { Button } from '@mantine/core'
import { IconCheck, IconX } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'

import { useCompleteList } from '../../api/queries.ts'
import { smallIcon } from '../../components/small-icon.tsx'
import { useCan } from '../../session/session.tsx'
import { useNames } from '../../session/names.ts'
import { OPEN_REQUESTS } from '../../session/use-pending.ts'
import { countText, text } from '../../texts/text.ts'
import { confirmApproveAll, confirmDeclineAll } from './confirm-same-requests.tsx'
import { type AccessRequest, findSameRequests } from './inbox-items.ts'

interface SameRequestsProps {
  readonly request: AccessRequest
  /** false if there is no connection to approve them for */
  readonly mayApprove: boolean
  readonly close: () => void
}

export function SameRequests({ request, mayApprove, close }: SameRequestsProps) {
  const names = useNames()
  const open = useCompleteList('access-requests.list', OPEN_REQUESTS, {
    enabled: useCan()('access-requests.approve'),
  })
  const others = findSameRequests(request, open.items)
  if (others.length === 0) return null
  const all = [request, ...others]
  return (
    <section className="cw-remedies cw-same-requests" aria-label={text('inbox.same')}>
      <p>
        <strong>{countText('inbox.sameOne', 'inbox.sameMany', others.length)}</strong>
      </p>
      <ul>
        {others.map(({ id, user, reason }) => (
          <li key={id} className="cw-anywhere">
            <Link to="/inbox" search={{ open: id }}>
              {names.user(user)}
            </Link>
            : {reason}
          </li>
        ))}
      </ul>
      <div className="cw-dialog-buttons">
        <Button leftSection={smallIcon(IconX)} onClick={() => confirmDeclineAll(all, close)}>
          {text('inbox.declineAll', { count: all.length })}
        </Button>
        <Button
          leftSection={smallIcon(IconCheck)}
          disabled={!mayApprove}
          onClick={() => confirmApproveAll(all, { connection: names.appPair(request), close })}
        >
          {text('inbox.approveAll', { count: all.length })}
        </Button>
      </div>
    </section>
  )
}
