// The signing keys of every local server: current, upcoming, and rotation.
import { IconAlertTriangle, IconRefresh } from '@tabler/icons-react'
import type { AnswerTo } from '@crosswalk/admin-api'

import { useCompleteList } from '../../api/queries.ts'
import { ActionButton } from '../../components/actions.tsx'
import { StateChip, Token } from '../../components/chips.tsx'
import { copyFact, Facts } from '../../components/facts.tsx'
import { PageHeader, Section } from '../../components/page-header.tsx'
import { PagedItems } from '../../components/paged-items.tsx'
import { EmptyState } from '../../components/states.tsx'
import { renderTimeOr, RelativeTime } from '../../components/time.tsx'
import { useSession } from '../../session/session.tsx'
import { text, type TextCode } from '../../texts/text.ts'
import { en } from '../../texts/en.ts'
import { SmallTable } from '../../components/small-table.tsx'
import { smallIcon } from '../../components/small-icon.tsx'
import type { CallTo } from '../../api/client.ts'
import { sendChange } from '../../api/changes.ts'
import { confirmWithReason } from '../../components/confirm.ts'

type Key = AnswerTo<'keys.list'>['items'][number]

export function Page() {
  const list = useCompleteList('keys.list')
  return (
    <>
      <PageHeader title={text('nav.keys')} lead={text('keys.lead')} />
      <Issuer />
      <PagedItems
        list={list}
        empty={<EmptyState title={text('keys.none')}>{text('keys.noneText')}</EmptyState>}
      >
        {(keys) => <KeyPurposes keys={keys} />}
      </PagedItems>
    </>
  )
}

function Issuer() {
  const { issuer } = useSession()
  if (issuer === undefined) return null
  const base = issuer.replace(/\/$/, '')
  return (
    <div className="cw-card">
      <Facts
        facts={[
          copyFact('word.issuer', issuer),
          [
            text('word.publishedMetadata'),
            <a href={`${base}/.well-known/openid-configuration`}>
              {`${base}/.well-known/openid-configuration`}
            </a>,
          ],
        ]}
      />
    </div>
  )
}

function KeyPurposes({ keys }: { readonly keys: readonly Key[] }) {
  // The identity provider first, then the authorization servers.
  const sorted = keys.toSorted((a, b) => Number(b.owner === 'idp') - Number(a.owner === 'idp'))
  const purposes = [...Map.groupBy(sorted, ({ owner, purpose }) => `${owner} ${purpose}`).values()]
  return purposes.map((ofPurpose) => {
    const [{ owner, purpose } = { owner: '', purpose: '' }] = ofPurpose
    const name = `${nameOwner(owner)}: ${namePurpose(purpose)}`
    return (
      <Section
        key={`${owner} ${purpose}`}
        title={text('keys.of', { purpose: namePurpose(purpose), owner: nameOwner(owner) })}
        aside={
          <RotationActions
            of={purpose}
            ask={(emergency) => confirmRotate({ owner, purpose }, name, emergency)}
          />
        }
      >
        <KeyTable keys={ofPurpose} label={text('keys.of', { purpose, owner: nameOwner(owner) })} />
      </Section>
    )
  })
}

function namePurpose(purpose: string): string {
  const code = `keys.purpose.${purpose}`
  return code in en ? text(code as TextCode) : purpose
}

function nameProvider(provider: string): string {
  const code = `keys.provider.${provider}`
  return code in en ? text(code as TextCode) : provider
}

function nameOwner(owner: string): string {
  return owner === 'idp' ? text('keys.idp') : owner.replace(/^as:/, '')
}

interface RotationActionsProps {
  readonly of: string
  readonly ask: (emergency: boolean) => void
}

function RotationActions({ of, ask }: RotationActionsProps) {
  return (
    <div className="cw-actions" role="group" aria-label={namePurpose(of)}>
      <ActionButton
        action={{
          label: text('keys.rotate'),
          icon: smallIcon(IconRefresh),
          needs: 'keys.rotate',
          run: () => ask(false),
        }}
      />
      <ActionButton
        action={{
          label: text('keys.emergency'),
          icon: smallIcon(IconAlertTriangle),
          button: { color: 'red' },
          needs: 'keys.rotate',
          run: () => ask(true),
        }}
      />
    </div>
  )
}

const ORDER = { current: 0, next: 1, retired: 2 } as const
const HEADERS = [
  'word.state',
  'keys.kid',
  'keys.algorithm',
  'keys.storedIn',
  'word.created',
  'keys.until',
] as const

function KeyTable({ keys, label }: { readonly keys: readonly Key[]; readonly label: string }) {
  const sorted = keys.toSorted((a, b) => ORDER[a.state] - ORDER[b.state])
  return (
    <SmallTable
      label={label}
      headers={HEADERS.map((code) => text(code))}
      rows={sorted.map(({ kid, state, algorithm, provider, createdAt, retireAt }) => ({
        id: kid,
        cells: [
          <StateChip state={state} label={text(`keys.is.${state}`)} />,
          <Token>{kid}</Token>,
          algorithm,
          nameProvider(provider),
          <RelativeTime moment={createdAt} />,
          renderTimeOr(retireAt, text('keys.noEnd')),
        ],
      }))}
    />
  )
}

function confirmRotate(key: CallTo<'keys.rotate'>['params'], name: string, emergency: boolean): void {
  confirmWithReason({
    danger: emergency,
    ...(emergency ? { typeName: key.purpose } : {}),
    title: text(emergency ? 'keys.emergencyTitle' : 'keys.rotateTitle', { name }),
    confirmLabel: text(emergency ? 'keys.emergency' : 'keys.rotateNow'),
    help: text(emergency ? 'keys.emergencyHelp' : 'keys.rotateHelp'),
    done: text(emergency ? 'keys.emergencyDone' : 'keys.rotated'),
    confirm: (reason) => sendChange('keys.rotate', { params: key, body: { emergency, reason } }),
  })
}
