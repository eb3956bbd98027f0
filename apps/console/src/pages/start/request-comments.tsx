// Questions about a request, the requester's answers, and the button to ask.
import { Button } from '@mantine/core'
import { IconMessageQuestion } from '@tabler/icons-react'

import { sendChange } from '../../api/changes.ts'
import { useForbiddenReason } from '../../components/actions.tsx'
import { confirmWithReason } from '../../components/confirm.ts'
import { smallIcon } from '../../components/small-icon.tsx'
import { RelativeTime } from '../../components/time.tsx'
import { useNames } from '../../session/names.ts'
import { text } from '../../texts/text.ts'
import type { AccessRequest } from './inbox-items.ts'

interface RequestCommentsProps {
  readonly request: AccessRequest
  readonly etag: string
}

export function RequestComments({ request, etag }: RequestCommentsProps) {
  const names = useNames()
  const mayAsk = useForbiddenReason()('access-requests.approve') === undefined
  const { state, comments = [] } = request
  return (
    <section className="cw-request-comments" aria-label={text('inbox.comments')}>
      {comments.length === 0 ? null : (
        <ul className="cw-plain-list">
          {comments.map(({ by, at, text: said }) => (
            <li key={at} className="cw-anywhere">
              <strong>{names.user(by)}</strong>: {said}{' '}
              <span className="cw-quiet-text">
                <RelativeTime moment={at} />
              </span>
            </li>
          ))}
        </ul>
      )}
      {state === 'open' && mayAsk ? (
        <Button
          size="compact-sm"
          leftSection={smallIcon(IconMessageQuestion)}
          onClick={() => confirmAsk(request.id, etag)}
        >
          {text('inbox.ask')}
        </Button>
      ) : null}
    </section>
  )
}

function confirmAsk(id: string, etag: string): void {
  confirmWithReason({
    title: text('inbox.ask'),
    confirmLabel: text('inbox.sendQuestion'),
    help: text('inbox.askHelp'),
    reasonLabel: text('inbox.question'),
    done: text('inbox.asked'),
    confirm: (question) =>
      sendChange('access-requests.comment', { params: { id }, ifMatch: etag, body: { text: question } }),
  })
}
