// The stored credentials of a brokered resource app: service, user, creation and last use. The API never returns the credential itself.
import type { StoredCredentialView } from '@crosswalk/admin-api'
import { Button, PasswordInput } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useMemo } from 'react'

import { sendChange } from '../../api/changes.ts'
import { type Names, useNames } from '../../session/names.ts'
import { useList } from '../../api/queries.ts'
import { useForbiddenReason } from '../../components/actions.tsx'
import { Tokens } from '../../components/chips.tsx'
import { type Column, DataTable } from '../../components/data-table.tsx'
import { copyFact, type Fact, Facts } from '../../components/facts.tsx'
import { Section } from '../../components/page-header.tsx'
import { confirmWithReason, confirmWithForm } from '../../components/confirm.ts'
import { EmptyState } from '../../components/states.tsx'
import { renderTimeOr, RelativeTime } from '../../components/time.tsx'
import { useSession } from '../../session/session.tsx'
import { text } from '../../texts/text.ts'
import type { Brokered } from './resource-apps-page.tsx'
import { idColumn, revokeColumn } from '../../components/table/columns.tsx'
import { smallIcon } from '../../components/small-icon.tsx'
import { ObjectSelect } from '../../components/object/object-select.tsx'
import '../../texts/en/vault.ts'

interface StoredCredentialsProps {
  readonly id: string
  readonly brokered: Brokered
}

export function StoredCredentials({ id, brokered }: StoredCredentialsProps) {
  const list = useList('stored-credentials.list', { resourceApp: id })
  const forbiddenReason = useForbiddenReason()
  const names = useNames()
  const mayRevoke = forbiddenReason('stored-credentials.revoke') === undefined
  const columns = useMemo(() => buildColumns(names, mayRevoke), [names, mayRevoke])
  const { credential } = brokered
  const takesSecret = credential.kind === 'apiKey' || credential.clientAuth !== 'none'
  const cannotStore = forbiddenReason('stored-credentials.store')
  return (
    <>
      <div className="cw-card">
        <Facts facts={describeService(id, brokered, useSession().baseUrl)} />
      </div>
      <Section title={text('vault.held')}>
        <p className="cw-quiet-text">{text('vault.heldText')}</p>
        {takesSecret ? (
          <p>
            <Button
              leftSection={smallIcon(IconPlus)}
              disabled={cannotStore !== undefined}
              title={cannotStore}
              onClick={() => openCredentialDialog(id, brokered)}
            >
              {text(credential.kind === 'oauth' ? 'vault.store.clientSecret' : 'vault.store.apiKey')}
            </Button>
          </p>
        ) : null}
        <DataTable
          label={text('vault.held')}
          list={list}
          columns={columns}
          rowId={(one) => one.id}
          empty={<EmptyState title={text('vault.none')}>{text(emptyHint(brokered))}</EmptyState>}
        />
      </Section>
    </>
  )
}

function describeService(id: string, { api, credential }: Brokered, baseUrl: string): readonly Fact[] {
  const first: Fact[] = [
    copyFact('vault.api', api),
    [
      text('vault.kind'),
      text(credential.kind === 'oauth' ? 'vault.kind.oauth' : `vault.kind.apiKey.${credential.per}`),
    ],
  ]
  if (credential.kind === 'apiKey') {
    const words = [`${credential.header}:`, credential.scheme, '…'].filter((word) => word !== '')
    return [...first, [text('vault.header'), <code>{words.join(' ')}</code>]]
  }
  const redirectUri = `${baseUrl}/me/accounts/${encodeURIComponent(id)}/return`
  return [
    ...first,
    [text('vault.clientId'), <code>{credential.clientId}</code>],
    [text('vault.scopes'), <Tokens items={credential.scopes} empty={text('word.none')} />],
    copyFact('vault.redirectUri', redirectUri),
  ]
}

function emptyHint({ credential }: Brokered) {
  if (credential.kind === 'oauth') return 'vault.noneOauth'
  return credential.per === 'app' ? 'vault.noneKey' : 'vault.noneUserKey'
}

function nameOwner({ user }: StoredCredentialView, names: Names): string {
  return user === null ? text('vault.everyone') : names.user(user)
}

function confirmRevoke({ id }: StoredCredentialView, user: string): void {
  confirmWithReason({
    danger: true,
    title: text('vault.revokeOne', { user }),
    confirmLabel: text('vault.revoke'),
    help: text('vault.revokeHelp'),
    done: text('vault.revoked'),
    confirm: (reason) => sendChange('stored-credentials.revoke', { params: { id }, reason }),
  })
}

function buildColumns(names: Names, mayRevoke: boolean): readonly Column<StoredCredentialView>[] {
  return [
    {
      id: 'user',
      header: text('word.user'),
      hideable: false,
      cell: (one) => <span className="cw-first">{nameOwner(one, names)}</span>,
    },
    { id: 'kind', header: text('vault.type'), cell: ({ kind }) => text(`vault.kind.${kind}`) },
    {
      id: 'stored',
      header: text('vault.stored'),
      cell: ({ storedAt, storedBy }) => (
        <span>
          <RelativeTime moment={storedAt} /> {text('tokens.by', { by: names.user(storedBy) })}
        </span>
      ),
    },
    {
      id: 'used',
      header: text('connections.lastUsed'),
      cell: ({ lastUsedAt }) => renderTimeOr(lastUsedAt, text('time.never')),
    },
    idColumn,
    ...revokeColumn<StoredCredentialView>({
      label: text('vault.revoke'),
      name: (one) => text('vault.revokeOne', { user: nameOwner(one, names) }),
      run: mayRevoke ? (one) => confirmRevoke(one, nameOwner(one, names)) : undefined,
    }),
  ]
}

/** @param id - of the resource app */
function openCredentialDialog(id: string, { credential }: Brokered): void {
  const perUser = credential.kind === 'apiKey' && credential.per === 'user'
  const code = credential.kind === 'oauth' ? 'vault.store.clientSecret' : 'vault.store.apiKey'
  const title = text(code)
  const initial = { secret: '', user: undefined as string | undefined }
  confirmWithForm(initial, ({ secret, user }, set) => ({
    title,
    confirmLabel: title,
    done: text('vault.done'),
    children: (
      <>
        <p className="cw-quiet-text">{text('vault.replaces')}</p>
        {perUser ? (
          <ObjectSelect
            of="users"
            label={text('word.user')}
            description={text('vault.userHelp')}
            value={user}
            change={(chosen) => set({ user: chosen })}
          />
        ) : null}
        <PasswordInput
          label={text('vault.secret')}
          description={text('vault.secretHelp')}
          autoComplete="off"
          required
          maxLength={8192}
          value={secret}
          onChange={({ currentTarget: { value } }) => set({ secret: value })}
        />
      </>
    ),
    confirm: (reason) =>
      sendChange('stored-credentials.store', {
        body: {
          resourceApp: id,
          secret: secret.trim(),
          reason,
          ...(perUser && user !== undefined ? { user } : {}),
        },
      }),
  }))
}
