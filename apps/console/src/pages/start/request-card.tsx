// One access request with what an approver needs: what it would allow, what of that is new, and the current outcome at the token endpoint.
import { Button, Stack } from '@mantine/core'
import { IconArrowsMinimize, IconCheck, IconX } from '@tabler/icons-react'
import type { AnswerTo } from '@crosswalk/admin-api'
import { useState } from 'react'

import { sendChange } from '../../api/changes.ts'
import { useApi } from '../../api/queries.ts'
import { useForbiddenReason } from '../../components/actions.tsx'
import { OutcomeChip, StateChip, Token, Tokens } from '../../components/chips.tsx'
import { EndField, inThirtyDays } from '../../components/end-field.tsx'
import { Facts } from '../../components/facts.tsx'
import { UserName, ObjectLink } from '../../components/object/names.tsx'
import { ReasonDialog } from '../../components/reason-dialog.tsx'
import { ErrorState, Loading } from '../../components/states.tsx'
import { RelativeTime, renderTimeOr } from '../../components/time.tsx'
import { showDone } from '../../components/toasts.tsx'
import { useDecisionKeys } from '../../keyboard/use-decision-keys.ts'
import { useCan } from '../../session/session.tsx'
import { text } from '../../texts/text.ts'
import { useNames } from '../../session/names.ts'
import { HeldScopes } from './held-scopes.tsx'
import { CheckboxList } from '../../components/fields.tsx'
import type { DialogProps } from '../../hooks/use-dialog.ts'
import { useIfAllowed } from '../../session/use-if-allowed.ts'
import { smallIcon } from '../../components/small-icon.tsx'

type AccessRequest = AnswerTo<'access-requests.read'>

interface CardProps {
  readonly request: AccessRequest
  readonly close: () => void
}

export function RequestCard({ request, close }: CardProps) {
  const names = useNames()
  const { user, app, resourceApp, scopes, reason, state } = request
  return (
    <article>
      <div className="cw-title-row">
        <StateChip state={state} />
        <span className="cw-quiet-text">
          {text('inbox.askedLine', { by: names.user(request.askedBy) })}{' '}
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
      {state === 'open' ? <Effect request={request} /> : <Answered request={request} />}
      <HeldScopes held={request.held} />
      {state === 'open' ? <Answers request={request} close={close} /> : null}
    </article>
  )
}

/** @returns the connection for an approval; null if there is none, undefined if unknown */
function useConnection({ app, resourceApp }: Pick<AccessRequest, 'app' | 'resourceApp'>) {
  const { data } = useIfAllowed('connections.list', { query: { app, resourceApp, limit: 1 } })
  return data === undefined ? undefined : (data.body.items[0] ?? null)
}

/** User and access of an approval, and the current outcome. */
function Effect({ request }: { readonly request: AccessRequest }) {
  const { user, app, resourceApp, scopes } = request
  const connection = useConnection(request)
  return (
    <>
      <Facts
        facts={[
          [text('word.user'), <ObjectLink key="user" kind="user" id={user} />],
          [
            text('word.connection'),
            connection === undefined ? (
              '…'
            ) : connection === null ? (
              text('word.none')
            ) : (
              <ObjectLink key="connection" kind="connection" id={connection.id} />
            ),
          ],
          [text('decision.scope'), <Tokens key="scopes" items={scopes} />],
        ]}
      />
      <AsThingsAre user={user} app={app} resourceApp={resourceApp} scopes={scopes} />
    </>
  )
}

/** Approval suffices if the pending request is the only obstacle. */
const WAITS = 'XAA1802'

function AsThingsAre({
  user,
  app,
  resourceApp,
  scopes,
}: Pick<AccessRequest, 'user' | 'app' | 'resourceApp' | 'scopes'>) {
  const can = useCan()
  const maySee = can('resource-apps.read') && can('simulate')
  const target = useApi('resource-apps.read', { params: { id: resourceApp } }, { enabled: maySee })
  const found = target.data?.body
  const resource = found?.resources[0]?.id
  const body = {
    user,
    app,
    audience: found?.issuer ?? '',
    ...(resource === undefined ? {} : { resource }),
    scope: scopes,
  }
  const query = useApi('simulate', { body }, { enabled: found !== undefined })
  if (!maySee) return null
  if (query.error !== null) return <ErrorState error={query.error} />
  if (query.data === undefined) return <Loading lines={2} />
  const { outcome, narrowed, code, summary } = query.data.body
  return (
    <section className="cw-remedies" aria-label={text('inbox.now')}>
      <p className="cw-title-row">
        <strong>{text('inbox.now')}</strong>
        <OutcomeChip outcome={outcome} narrowed={narrowed.length > 0} />
        <Token>{code}</Token>
      </p>
      <p>{code === WAITS ? text('inbox.approvalIsEnough') : summary.admin}</p>
    </section>
  )
}

function Answered({ request }: { readonly request: AccessRequest }) {
  const { decidedBy, decidedAt, decisionReason, granted } = request
  return (
    <Facts
      facts={[
        [text('inbox.decidedBy'), decidedBy === undefined ? '–' : <UserName key="by" id={decidedBy} />],
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

function Answers({ request, close }: CardProps) {
  const [open, setOpen] = useState<'approve' | 'narrow' | 'decline' | undefined>(undefined)
  const whyNot = useForbiddenReason()('access-requests.approve')
  const shut = () => setOpen(undefined)
  const names = useNames()
  const may = whyNot === undefined
  const isJoined = useConnection(request) !== null
  const cannot = isJoined
    ? undefined
    : text('inbox.noConnectionWhy', {
        app: names.app(request.app),
        resourceApp: names.resourceApp(request.resourceApp),
      })
  useDecisionKeys(isJoined ? KEYS : DECLINE_KEY, may && open === undefined, setOpen)
  if (!may) return <p className="cw-quiet-text">{whyNot}</p>
  return (
    <>
      <div className="cw-dialog-buttons">
        <Button
          color="red"
          leftSection={smallIcon(IconX)}
          aria-keyshortcuts="x"
          onClick={() => setOpen('decline')}
        >
          {text('inbox.decline')}
        </Button>
        <Button
          leftSection={smallIcon(IconArrowsMinimize)}
          aria-keyshortcuts="n"
          disabled={!isJoined}
          onClick={() => setOpen('narrow')}
        >
          {text('inbox.narrower')}
        </Button>
        <Button
          variant="filled"
          leftSection={smallIcon(IconCheck)}
          aria-keyshortcuts="a"
          disabled={!isJoined}
          onClick={() => setOpen('approve')}
        >
          {text('inbox.approve')}
        </Button>
      </div>
      {cannot === undefined ? null : <p role="status">{cannot}</p>}
      <ApproveDialog request={request} opened={open === 'approve'} close={shut} done={close} />
      <ApproveDialog request={request} opened={open === 'narrow'} close={shut} done={close} narrower />
      <ReasonDialog
        opened={open === 'decline'}
        close={shut}
        title={text('inbox.declineTitle')}
        confirmLabel={text('inbox.decline')}
        confirm={async (reason) => {
          await sendChange('access-requests.decline', { params: { id: request.id }, body: { reason } })
          showDone({ message: text('inbox.declined') })
          close()
        }}
        help={text('inbox.declineHelp')}
      />
    </>
  )
}

const DECLINE_KEY = { x: 'decline' } as const
const KEYS = { ...DECLINE_KEY, a: 'approve', n: 'narrow' } as const

interface ApproveProps extends DialogProps {
  readonly request: AccessRequest
  readonly done: () => void
  readonly narrower?: boolean
}

function ApproveDialog({ request, opened, close, done, narrower = false }: ApproveProps) {
  const [scopes, setScopes] = useState<string[]>(() => [...request.scopes])
  const [until, setUntil] = useState(inThirtyDays)
  const names = useNames()
  const user = names.user(request.user)
  const connection = useConnection(request)?.id ?? names.resourceApp(request.resourceApp)
  return (
    <ReasonDialog
      opened={opened}
      close={close}
      title={text(narrower ? 'inbox.narrower' : 'inbox.approveTitle')}
      confirmLabel={text(narrower ? 'inbox.narrower' : 'inbox.approve')}
      confirm={async (reason) => {
        const { body } = await sendChange('access-requests.approve', {
          params: { id: request.id },
          body: { scopes, ...(until === '' ? {} : { until }) },
          reason,
        })
        showDone({
          message: text(body.check.outcome === 'allow' ? 'inbox.approved' : 'inbox.approvedBut', {
            ...{ user, why: body.check.admin },
          }),
        })
        done()
      }}
    >
      <p>{text('inbox.approveHelp', { user, connection })}</p>
      <Stack gap="sm" mb="sm">
        {narrower ? (
          <CheckboxList
            label={text('word.scopes')}
            choices={request.scopes}
            value={scopes}
            change={setScopes}
          />
        ) : null}
        <EndField value={until} change={setUntil} />
      </Stack>
    </ReasonDialog>
  )
}
