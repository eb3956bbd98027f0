// Live access tokens: user, resource, scopes, expiry and origin. Revokes one, or all that match the filters, and states what it cannot revoke.
import { Button } from '@mantine/core'
import { IconHandStop, IconTicketOff } from '@tabler/icons-react'
import type { AnswerTo } from '@crosswalk/admin-api'
import { Link, useNavigate } from '@tanstack/react-router'
import { useMemo } from 'react'

import { useList } from '../../api/queries.ts'
import { useForbiddenReason } from '../../components/actions.tsx'
import { StateChip, Tokens } from '../../components/chips.tsx'
import { type Column, DataTable } from '../../components/data-table.tsx'
import { FilterBar, type FilterField } from '../../components/filter-bar.tsx'
import { ObjectLink } from '../../components/object/names.tsx'
import { PageHeader } from '../../components/page-header.tsx'
import { EmptyState } from '../../components/states.tsx'
import { RelativeTime } from '../../components/time.tsx'
import { useFilters } from '../../hooks/use-filters.ts'
import { useNow } from '../../hooks/use-now.ts'
import { useSession } from '../../session/session.tsx'
import { countText, text } from '../../texts/text.ts'
import { useNames } from '../../session/names.ts'
import { confirmWithReason } from '../../components/confirm.ts'
import { NothingFound } from '../../components/nothing-found.tsx'
import { idColumn } from '../../components/table/columns.tsx'
import { FromTo } from '../../components/object/connection-link.tsx'
import { smallIcon } from '../../components/small-icon.tsx'
import { sendChange } from '../../api/changes.ts'
import { showDone } from '../../components/toasts.tsx'
import { pathOf } from '../../components/object/object-path.ts'

type AccessToken = AnswerTo<'access-tokens.list'>['items'][number]

const FILTERS = ['user', 'app', 'connection', 'client', 'subject', 'authorizationServer'] as const
type Filter = (typeof FILTERS)[number]

/** An authorization server without an IdP knows users and apps only by the names in its tokens. */
const IDP_FILTERS: ReadonlySet<Filter> = new Set(['user', 'app', 'connection'])

const OBJECTS = { user: 'users', app: 'apps', connection: 'connections' } as const
const FIELDS = FILTERS.map((name): FilterField<Filter> => {
  const label = text(`live.filter.${name}`)
  if (name === 'user' || name === 'app' || name === 'connection')
    return { name, label, kind: 'object', of: OBJECTS[name] }
  return { name, label, kind: 'text' }
})

export function Page() {
  const { issuer } = useSession()
  const state = useFilters(FILTERS)
  const list = useList('access-tokens.list', state.filters)
  const navigate = useNavigate()
  const forbiddenReason = useForbiddenReason()('access-tokens.revoke')
  const columns = useMemo(() => buildColumns(forbiddenReason === undefined), [forbiddenReason])
  const fields = FIELDS.filter(({ name }) => issuer !== undefined || !IDP_FILTERS.has(name))
  return (
    <>
      <PageHeader
        title={text('nav.liveAccess')}
        lead={text('live.lead')}
        actions={[
          {
            label: text('live.takeBackAll'),
            icon: smallIcon(IconTicketOff),
            needs: 'access-tokens.revoke',
            button: { color: 'red' },
            disabled: state.count === 0 ? text('live.filterFirst') : undefined,
            run: () => confirmRevoke(state.filters, describe(state.filters)),
          },
          {
            label: text('nav.kill'),
            icon: smallIcon(IconHandStop),
            needs: 'kill.preview',
            run: () => void navigate({ to: '/kill-switch' }),
          },
        ]}
      />
      <FilterBar state={state} fields={fields} />
      <DataTable
        label={text('nav.liveAccess')}
        list={list}
        columns={columns}
        rowId={({ authorizationServer, id }) => `${authorizationServer} ${id}`}
        open={({ decision }) => pathOf('decision', decision)}
        empty={
          <NothingFound filters={state} title={text('live.noneFiltered')}>
            <EmptyState title={text('live.none')}>{text('live.noneText')}</EmptyState>
          </NothingFound>
        }
      />
      <NotRevocable />
    </>
  )
}

function describe(filters: { readonly [N in Filter]?: string }): string {
  return FILTERS.flatMap((name) =>
    filters[name] === undefined ? [] : [`${text(`live.filter.${name}`)}: ${filters[name]}`],
  ).join(', ')
}

/** Access that cannot be revoked here. */
function NotRevocable() {
  return (
    <section className="cw-card cw-section" aria-label={text('live.outOfReach')}>
      <h2>{text('live.outOfReach')}</h2>
      <ul className="cw-kill-list">
        <li>{text('live.outOfReach.jwt')}</li>
        <li>{text('live.outOfReach.elsewhere')}</li>
        <li>{text('live.outOfReach.idJag')}</li>
      </ul>
      <p className="cw-quiet-text cw-below">{text('live.newOnes')}</p>
    </section>
  )
}

/**
 * Revocation is final; apps can request new tokens.
 *
 * @param which - one token by its id and server, or filters
 * @param name - the same in words
 */
function confirmRevoke(which: Readonly<Record<string, string | undefined>>, name: string): void {
  confirmWithReason({
    danger: true,
    title: text('live.takeBackTitle'),
    confirmLabel: text('tokens.revoke'),
    children: (
      <>
        <p>
          <strong>{name}</strong>
        </p>
        <p>{text('live.takeBackHelp')}</p>
      </>
    ),
    async confirm(reason) {
      const { body } = await sendChange('access-tokens.revoke', { body: { ...which, reason } })
      showDone({ message: countText('live.takenOne', 'live.taken', body.revokedTokens) })
    },
  })
}

function buildColumns(mayRevoke: boolean): readonly Column<AccessToken>[] {
  return [
    { id: 'who', header: text('word.user'), hideable: false, cell: (token) => <Who token={token} /> },
    { id: 'what', header: text('word.connection'), cell: (token) => <What token={token} /> },
    { id: 'scopes', header: text('word.scopes'), cell: ({ scope }) => <Tokens items={scope} /> },
    { id: 'born', header: text('live.origin'), cell: (token) => <TokenOrigin token={token} /> },
    { id: 'since', header: text('live.issued'), cell: ({ issuedAt }) => <RelativeTime moment={issuedAt} /> },
    { id: 'expires', header: text('word.expires'), cell: ({ expiresAt }) => <Expiry at={expiresAt} /> },
    {
      id: 'format',
      header: text('live.format'),
      cell: ({ format, dpop }) => (
        <span>
          {text(`live.format.${format}`)}
          {dpop ? ` · ${text('live.dpop')}` : ''}
        </span>
      ),
    },
    { id: 'account', header: text('live.account'), hidden: true, cell: ({ account }) => account },
    idColumn,
    ...(mayRevoke
      ? [
          {
            id: 'action',
            header: text('word.action'),
            hideable: false,
            cell: (token: AccessToken) => <RevokeTokens token={token} />,
          },
        ]
      : []),
  ]
}

function Who({ token: { user, subject, issuer } }: { readonly token: AccessToken }) {
  if (user !== null) return <ObjectLink kind="user" id={user} className="cw-first" />
  return (
    <span>
      <strong>{subject}</strong> <span className="cw-quiet-text">{issuer}</span>
    </span>
  )
}

function What({ token: { client, authorizationServer, resource } }: { readonly token: AccessToken }) {
  return (
    <span>
      <FromTo from={client} to={resource.length === 0 ? authorizationServer : resource.join(', ')} />
    </span>
  )
}

function TokenOrigin({ token: { connections, decision } }: { readonly token: AccessToken }) {
  return (
    <span className="cw-title-row">
      {connections.map((id) => (
        <ObjectLink key={id} kind="connection" id={id} />
      ))}
      <Link to={pathOf('decision', decision)}>{text('word.decision')}</Link>
    </span>
  )
}

function Expiry({ at }: { readonly at: string }) {
  return useNow() < Date.parse(at) ? <RelativeTime moment={at} /> : <StateChip state="expired" />
}

function RevokeTokens({ token }: { readonly token: AccessToken }) {
  const { id, authorizationServer, user, subject, client } = token
  const names = useNames()
  if (useNow() >= Date.parse(token.expiresAt)) return null
  const name = text('live.one', { client, who: user === null ? subject : names.user(user) })
  return (
    <Button
      size="compact-sm"
      aria-label={text('tokens.revokeOne', { name })}
      onClick={() => confirmRevoke({ id, authorizationServer }, name)}
    >
      {text('tokens.revoke')}
    </Button>
  )
}
