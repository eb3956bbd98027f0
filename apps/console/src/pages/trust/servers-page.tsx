// The local authorization servers: their resources and clients. Account linking is shown with their trusted issuers.
import type { AnswerTo } from '@crosswalk/admin-api'
import { Link } from '@tanstack/react-router'
import { type ReactNode, useState } from 'react'
import { Modal } from '@mantine/core'

import type { AuthorizationServer } from '../../api/objects.ts'
import { OwnerChip, StateChip, Tokens } from '../../components/chips.tsx'
import { Copyable } from '../../components/code-block.tsx'
import { copyFact, Facts } from '../../components/facts.tsx'
import { Section } from '../../components/page-header.tsx'
import { useSession } from '../../session/session.tsx'
import { countText, text } from '../../texts/text.ts'
import { changeServer } from './authorization-server.ts'
import { ServerList } from './server-list.tsx'
import { SmallTable } from '../../components/small-table.tsx'
import { confirmWithForm } from '../../components/confirm.ts'
import { AuthFields, NO_AUTH, toAuth } from '../apps/auth-fields.tsx'
import { OneTimeSecret } from '../../components/one-time-secret.tsx'
import { ActionButton } from '../../components/actions.tsx'
import { Fields, type FormField } from '../../components/form-fields.tsx'
import './trust.css'
import '../../texts/en/code-flow.ts'

type Client = AnswerTo<'authorization-servers.list'>['items'][number]['clients'][number]
type Resource = AuthorizationServer['resources'][number]

export function Page() {
  return (
    <ServerList
      title={text('nav.servers')}
      lead={text('servers.lead')}
      show={(server) => <Server key={server.id} server={server} />}
    />
  )
}

function Server({ server }: { readonly server: AuthorizationServer }) {
  const { id, owner, resources, clients } = server
  return (
    <Section title={text('issuers.server', { id })} aside={<OwnerChip owner={owner} />}>
      <div className="cw-card">
        <ServerFacts server={server} />
      </div>
      <h3 className="cw-servers-part">{text('invitation.resources')}</h3>
      {resources.length === 0 ? (
        <p>{text('servers.noResources')}</p>
      ) : (
        <SmallTable
          label={text('invitation.resources')}
          headers={[text('word.resource'), text('word.scopes'), text('servers.dpop')]}
          rows={resources.map((resource) => ({ id: resource.id, cells: describeResource(resource) }))}
        />
      )}
      <div className="cw-row cw-servers-part">
        <h3>{text('servers.clients')}</h3>
        <AddClient server={server} />
      </div>
      {clients.length === 0 ? (
        <p>{text('servers.noClients')}</p>
      ) : (
        <SmallTable
          label={text('servers.clients')}
          headers={[
            text('word.clientID'),
            text('word.authentication'),
            text('servers.from'),
            text('servers.asksAbout'),
            text('word.state'),
          ]}
          rows={clients.map((client) => ({ id: client.id, cells: describeClient(client) }))}
        />
      )}
    </Section>
  )
}

function ServerFacts({ server }: { readonly server: AuthorizationServer }) {
  const { baseUrl } = useSession()
  const { id, trustedIssuers, clientMetadata, accessTokenFormat, accessTokenTtlSeconds, replay } = server
  const issuer = server.issuer ?? `${baseUrl}/as/${id}`
  const trusted = trustedIssuers.filter(({ active }) => active).length
  return (
    <Facts
      facts={[
        copyFact('word.issuer', issuer),
        [
          text('servers.tokens'),
          text('servers.tokensValue', {
            format: text(`live.format.${accessTokenFormat}`),
            seconds: accessTokenTtlSeconds,
          }),
        ],
        [text('servers.idJags'), text(`issuers.replay.${replay}`)],
        [
          text('nav.issuers'),
          <Link to="/settings/issuers">
            {trusted === 0
              ? text('tile.trustsNobodyOne')
              : countText('servers.oneIssuer', 'servers.issuers', trusted)}
          </Link>,
        ],
        [text('codeFlow.title'), describeCodeFlow(server)],
        [
          text('servers.described'),
          clientMetadata === undefined ? text('servers.notDescribed') : <Allowed of={clientMetadata} />,
        ],
        [
          text('nav.liveAccess'),
          <Link to="/live-access" search={{ authorizationServer: id }}>
            {text('servers.live')}
          </Link>,
        ],
      ]}
    />
  )
}

function describeCodeFlow({ authorizationCode: code }: AuthorizationServer): string {
  const provider = code?.signIn?.issuer
  if (code === undefined || provider === undefined) return text('codeFlow.off')
  return text('codeFlow.on', { provider, seconds: code.accessTokenTtlSeconds })
}

/** Hosts whose metadata documents are accepted. */
function Allowed({ of }: { readonly of: NonNullable<AuthorizationServer['clientMetadata']> }) {
  const { allow } = of
  return Array.isArray(allow) ? <Tokens items={allow} /> : <>{String(allow)}</>
}

function describeResource({ id, scopes, dpop }: Resource): readonly ReactNode[] {
  return [
    <Copyable what={text('word.resource')} value={id} />,
    <Tokens items={scopes} empty={text('word.none')} />,
    text(dpop === 'required' ? 'servers.dpopRequired' : 'servers.dpopOptional'),
  ]
}

function describeClient({ id, name, auth, issuers, introspects, active }: Client): readonly ReactNode[] {
  return [
    <span>
      <strong>{id}</strong> {name === undefined ? null : <span className="cw-quiet-text">{name}</span>}
    </span>,
    auth.method,
    issuers === undefined ? text('servers.everyIssuer') : <Tokens items={issuers} />,
    <Tokens items={introspects} empty={text('servers.ownTokens')} />,
    <StateChip state={active ? 'active' : 'inactive'} />,
  ]
}

const EMPTY = { id: '', name: '', auth: NO_AUTH }
type Draft = typeof EMPTY

const FIELDS: readonly FormField<Draft>[] = [
  { kind: 'word', name: 'id', label: 'word.clientID', help: 'servers.clientHelp', required: true },
  { kind: 'text', name: 'name', label: 'word.name', mayBeEmpty: true },
]

/** Registers a client at a local authorization server. A generated secret is shown once. */
function AddClient({ server }: { readonly server: AuthorizationServer }) {
  const [secret, setSecret] = useState<string | undefined>(undefined)
  return (
    <>
      <ActionButton
        action={{
          label: text('servers.add'),
          needs: 'authorization-servers.change',
          owner: server.owner,
          run: () => openClientDialog(server.id, setSecret),
        }}
      />
      <Modal
        opened={secret !== undefined}
        onClose={() => setSecret(undefined)}
        title={text('word.clientSecret')}
        withCloseButton={false}
        closeOnClickOutside={false}
        closeOnEscape={false}
      >
        <OneTimeSecret secret={secret ?? ''} stored={() => setSecret(undefined)} />
      </Modal>
    </>
  )
}

/** @param made - receives the generated secret, if any */
function openClientDialog(server: string, made: (secret: string | undefined) => void): void {
  confirmWithForm(EMPTY, (draft, set) => ({
    title: text('servers.addTitle', { server }),
    confirmLabel: text('servers.add'),
    done: text('servers.clientAdded', { id: draft.id }),
    help: text('servers.addHelp'),
    children: (
      <>
        <Fields<Draft, Draft> fields={FIELDS} draft={draft} change={set} />
        <AuthFields draft={draft.auth} change={(next) => set({ auth: next })} />
      </>
    ),
    async confirm(reason) {
      const { id, name, auth } = draft
      const sent = toAuth(auth)
      if (sent === undefined) throw new Error(text('app.needsKeys'))
      const client = { id, ...(name === '' ? {} : { name }), auth: sent }
      const { clients } = await changeServer(server, (now) => ({ clients: [...now.clients, client] }), reason)
      const added = clients.find((one) => one.id === id)?.auth
      made(added !== undefined && 'secret' in added ? added.secret : undefined)
    },
  }))
}
