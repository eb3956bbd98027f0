// The access grants of a connection: users, scopes and expiry. Grants can be created and revoked for file connections too.
import { Button } from '@mantine/core'
import type { AnswerTo } from '@crosswalk/admin-api'

import type { Connection } from '../../../api/objects.ts'
import { sendChange } from '../../../api/changes.ts'
import { useList } from '../../../api/queries.ts'
import { useForbiddenReason } from '../../../components/actions.tsx'
import { Tokens } from '../../../components/chips.tsx'
import { ObjectLink, UserName } from '../../../components/object/names.tsx'
import { Section } from '../../../components/page-header.tsx'
import { confirmWithReason, confirmWithForm } from '../../../components/confirm.ts'
import { ErrorState, Loading } from '../../../components/states.tsx'
import { renderTimeOr, RelativeTime } from '../../../components/time.tsx'
import { showDone } from '../../../components/toasts.tsx'
import { useCan } from '../../../session/session.tsx'
import { countText, text } from '../../../texts/text.ts'
import { MoreRows } from '../../../components/more-rows.tsx'
import { SmallTable } from '../../../components/small-table.tsx'
import { ExpiryField, inThirtyDays } from '../../../components/expiry-field.tsx'
import { ObjectSelect } from '../../../components/object/object-select.tsx'
import { CheckboxList } from '../../../components/fields.tsx'
import { useApiIfAllowed } from '../../../session/use-api-if-allowed.ts'

type AccessGrant = AnswerTo<'access-grants.list'>['items'][number]

export function AccessGrants({ connection }: { readonly connection: Connection }) {
  const can = useCan()
  if (!can('access-grants.list')) return null
  return (
    <Section
      title={text('grant.title')}
      aside={
        can('access-grants.create') ? (
          <Button size="compact-sm" onClick={() => openGrantDialog(connection)}>
            {text('grant.add')}
          </Button>
        ) : null
      }
    >
      <p className="cw-quiet-text">{text('grant.help')}</p>
      <Grants connection={connection} />
    </Section>
  )
}

function Grants({ connection: { id } }: { readonly connection: Connection }) {
  const list = useList('access-grants.list', { connection: id, active: 'true' })
  const { items, query } = list
  const forbiddenReason = useForbiddenReason()('access-grants.revoke')
  if (query.error !== null) return <ErrorState error={query.error} retry={() => void query.refetch()} />
  if (query.isPending) return <Loading lines={1} />
  if (items.length === 0) return <p>{text('grant.none')}</p>
  return (
    <SmallTable
      label={text('grant.title')}
      headers={[
        text('word.name'),
        text('word.scopes'),
        text('word.expires'),
        text('grant.by'),
        { hidden: text('grant.revoke') },
      ]}
      rows={items.map((grant) => ({
        id: grant.id,
        cells: [
          <ObjectLink kind="user" id={grant.user} />,
          <Tokens items={grant.scopes} />,
          renderTimeOr(grant.until, text('word.noExpiry')),
          <span>
            {grant.rule === undefined ? (
              <UserName id={grant.by} />
            ) : (
              text('inbox.byRule', { rule: grant.rule })
            )}
            , <RelativeTime moment={grant.at} />
          </span>,
          <Button
            size="compact-sm"
            color="red"
            disabled={forbiddenReason !== undefined}
            title={forbiddenReason}
            onClick={() => confirmRevoke(grant)}
          >
            {text('grant.revoke')}
          </Button>,
        ],
      }))}
    >
      <MoreRows list={list} />
    </SmallTable>
  )
}

function confirmRevoke({ id }: AccessGrant): void {
  confirmWithReason({
    danger: true,
    title: text('grant.revoke'),
    confirmLabel: text('grant.revoke'),
    help: text('grant.revokeHelp'),
    async confirm(reason) {
      const { body } = await sendChange('access-grants.revoke', { params: { id }, body: { reason } })
      showDone({ message: countText('grant.revokedOne', 'grant.revokedMany', body.revokedTokens) })
    },
  })
}

/** Grants one user access over a connection: user, scopes, expiry and reason. */
function openGrantDialog(connection: Connection): void {
  const initial = { user: undefined as string | undefined, scopes: [] as string[], until: inThirtyDays() }
  confirmWithForm(initial, ({ user = '', scopes, until }, set) => ({
    title: text('grant.addTitle'),
    confirmLabel: text('grant.add'),
    children: (
      <>
        <ObjectSelect
          data-autofocus
          of="users"
          label={text('word.user')}
          value={user}
          change={(id) => set({ user: id })}
        />
        <ScopeBoxes connection={connection} scopes={scopes} change={(chosen) => set({ scopes: chosen })} />
        <ExpiryField value={until} change={(moment) => set({ until: moment })} />
      </>
    ),
    async confirm(reason) {
      const body = { connection: connection.id, user, scopes, reason, ...(until === '' ? {} : { until }) }
      const { body: granted } = await sendChange('access-grants.create', { body })
      const isOpen = granted.check.outcome === 'allow'
      showDone({ message: text(isOpen ? 'grant.added' : 'grant.addedBut', { why: granted.check.admin }) })
    },
  }))
}

interface ScopeBoxesProps {
  readonly connection: Connection
  readonly scopes: string[]
  readonly change: (scopes: string[]) => void
}

/** Scopes of the connection's resources, or of the connection if the catalogue is hidden. */
function ScopeBoxes({ connection, scopes, change }: ScopeBoxesProps) {
  const { resourceApp, resources } = connection
  const target = useApiIfAllowed('resource-apps.read', { params: { id: resourceApp } })
  const known = target.data?.body.resources.filter(({ id }) => resources.includes(id)) ?? []
  const offered = [...new Set([...known.flatMap((one) => one.scopes), ...connection.scopes])]
  return <CheckboxList label={text('word.scopes')} choices={offered} value={scopes} change={change} />
}
