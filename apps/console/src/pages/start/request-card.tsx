// One access request with what an approver needs, and the buttons that decide it.
import { Button } from '@mantine/core'
import { IconArrowsMinimize, IconCheck, IconUserShare, IconX } from '@tabler/icons-react'

import { useForbiddenReason } from '../../components/actions.tsx'
import { StateChip, Tokens } from '../../components/chips.tsx'
import { Facts } from '../../components/facts.tsx'
import { UserName, ObjectLink } from '../../components/object/names.tsx'
import { RelativeTime, renderTimeOr } from '../../components/time.tsx'
import { useDecisionKeys } from '../../keyboard/use-decision-keys.ts'
import { text } from '../../texts/text.ts'
import { useNames } from '../../session/names.ts'
import { confirmApprove, confirmDecline, confirmDelegate } from './confirm-request.tsx'
import { ScopesToApprove } from './scopes-to-approve.tsx'
import type { AccessRequest } from './inbox-items.ts'
import { RequestComments } from './request-comments.tsx'
import { RequestEffect, useConnection } from './request-effect.tsx'
import { SameRequests } from './same-requests.tsx'
import { smallIcon } from '../../components/small-icon.tsx'

interface CardProps {
  readonly request: AccessRequest
  readonly etag: string
  readonly close: () => void
}

export function RequestCard({ request, etag, close }: CardProps) {
  const names = useNames()
  const { user, app, resourceApp, scopes, reason, state } = request
  return (
    <article>
      <div className="cw-title-row">
        <StateChip state={state} />
        <span className="cw-quiet-text">
          {text('inbox.requestedLine', { by: names.user(request.askedBy) })}{' '}
          <RelativeTime moment={request.askedAt} />
        </span>
      </div>
      <h2 className="cw-decision-headline">
        {text('inbox.sentence', {
          user: names.user(user),
          app: names.app(app),
          resourceApp: names.resourceApp(resourceApp),
          scopes: scopes.join(', '),
        })}
      </h2>
      <blockquote className="cw-quote">{reason}</blockquote>
      <RequestComments request={request} etag={etag} />
      {state === 'open' ? <RequestEffect request={request} /> : <RequestOutcome request={request} />}
      <ScopesToApprove held={request.held} />
      {state === 'open' ? <RequestActions request={request} etag={etag} close={close} /> : null}
    </article>
  )
}

function RequestOutcome({ request }: { readonly request: AccessRequest }) {
  const { decidedBy, decidedAt, decisionReason, granted, rule } = request
  return (
    <Facts
      facts={[
        [
          text('inbox.decidedBy'),
          rule === undefined ? (
            decidedBy === undefined ? (
              '–'
            ) : (
              <UserName key="by" id={decidedBy} />
            )
          ) : (
            text('inbox.byRule', { rule })
          ),
        ],
        [text('word.decided'), <RelativeTime key="at" moment={decidedAt} />],
        [text('decisions.why'), decisionReason ?? '–'],
        ...(granted === undefined
          ? []
          : ([
              [text('word.connection'), <ObjectLink key="con" kind="connection" id={granted.connection} />],
              [text('word.scopes'), <Tokens key="scopes" items={granted.scopes} />],
              [text('word.expires'), renderTimeOr(granted.until, text('word.noExpiry'))],
            ] as const)),
      ]}
    />
  )
}

const DECLINE_KEY = { x: 'decline' } as const
const APPROVE_KEYS = { ...DECLINE_KEY, a: 'approve' } as const
const KEYS = { ...APPROVE_KEYS, n: 'narrow' } as const

function RequestActions({ request, etag, close }: CardProps) {
  const names = useNames()
  const forbiddenReason = useForbiddenReason()('access-requests.approve')
  const connection = useConnection(request)
  const isJoined = connection !== null
  const canNarrow = request.scopes.length > 1
  const [app, resourceApp] = [names.app(request.app), names.resourceApp(request.resourceApp)]
  function decide(verdict: 'approve' | 'narrow' | 'decline'): void {
    if (verdict === 'decline') return confirmDecline({ request, etag, close })
    const narrower = verdict === 'narrow'
    const user = names.user(request.user)
    confirmApprove({ request, etag, user, connection: names.appPair(request), narrower, close })
  }
  useDecisionKeys(
    isJoined ? (canNarrow ? KEYS : APPROVE_KEYS) : DECLINE_KEY,
    forbiddenReason === undefined ? decide : undefined,
  )
  if (forbiddenReason !== undefined) return <p className="cw-quiet-text">{forbiddenReason}</p>
  return (
    <>
      <div className="cw-dialog-buttons">
        <Button leftSection={smallIcon(IconX)} aria-keyshortcuts="x" onClick={() => decide('decline')}>
          {text('inbox.decline')}
        </Button>
        <Button
          leftSection={smallIcon(IconUserShare)}
          onClick={() => confirmDelegate({ request, etag, close })}
        >
          {text('inbox.delegate')}
        </Button>
        {canNarrow ? (
          <Button
            leftSection={smallIcon(IconArrowsMinimize)}
            aria-keyshortcuts="n"
            disabled={!isJoined}
            onClick={() => decide('narrow')}
          >
            {text('inbox.narrower')}
          </Button>
        ) : null}
        <Button
          variant="filled"
          leftSection={smallIcon(IconCheck)}
          aria-keyshortcuts="a"
          disabled={!isJoined}
          onClick={() => decide('approve')}
        >
          {text('inbox.approve')}
        </Button>
      </div>
      {isJoined ? null : <p role="status">{text('inbox.noConnectionWhy', { app, resourceApp })}</p>}
      <SameRequests request={request} mayApprove={isJoined} close={close} />
    </>
  )
}
