// The result of a proof, leg by leg. A local denial is explained by its decision.
import type { Proof } from '@crosswalk/admin-api'
import { Group, Stack } from '@mantine/core'
import { IconAlertTriangle, IconCircleCheck, IconHourglass } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'

import type { Connection } from '../../../api/objects.ts'
import { useApi } from '../../../api/queries.ts'
import { DecisionPanel } from '../../../components/decision/decision-panel.tsx'
import { questionOfConnection } from '../../../components/decision/simulation.ts'
import { Section } from '../../../components/page-header.tsx'
import { Loaded } from '../../../components/states.tsx'
import { RelativeTime } from '../../../components/time.tsx'
import '../../../texts/en/proofs.ts'
import { text } from '../../../texts/text.ts'
import { ProofLegs } from './proof-legs.tsx'
import { PROVE_FORM_ID } from './prove-form.tsx'
import { pathOf } from '../../../components/object/object-path.ts'

interface ProofResultProps {
  readonly connection: Connection
  readonly id: string
}

export function ProofResult({ connection, id }: ProofResultProps) {
  const query = useApi('connections.proof', { params: { id: connection.id, proof: id } })
  return (
    <Section title={text('word.result')} aside={<RunAgain />}>
      <Loaded query={query}>
        {({ body: proof }) => (
          <div role="status">
            {proof.state === 'done' ? (
              <Finished proof={proof} connection={connection} />
            ) : (
              <Unfinished proof={proof} />
            )}
          </div>
        )}
      </Loaded>
    </Section>
  )
}

/** Collapsible, since the explanation may be long and the retry button is below it. */
function RunAgain() {
  return <a href={`#${PROVE_FORM_ID}`}>{text('prove.again')}</a>
}

function Unfinished({ proof: { state, expiresAt } }: { readonly proof: Proof }) {
  const icon = <IconHourglass size={22} className="cw-check-quiet" aria-hidden="true" />
  if (state === 'running') return <Headline icon={icon}>{text('prove.running')}</Headline>
  const waits = state === 'waiting'
  return (
    <>
      <Headline icon={icon}>{text(waits ? 'prove.waiting' : 'prove.expired')}</Headline>
      <p>
        {waits
          ? text('prove.waitingText', { when: new Date(expiresAt).toLocaleTimeString('en-GB') })
          : text('prove.expiredText')}
      </p>
    </>
  )
}

interface FinishedProps {
  readonly proof: Proof
  readonly connection: Connection
}

function Finished({ proof, connection }: FinishedProps) {
  const { legs, user, steppedUp, accessTokenEndsAt } = proof
  const refused = legs.find(({ outcome }) => outcome === 'refused')
  const decision = useDecision(refused?.decision)
  return (
    <Stack gap="xs">
      <Outcome proof={proof} />
      {user === undefined ? null : (
        <p>
          {text('prove.user')} <UserLink id={user} />.{steppedUp ? ` ${text('prove.steppedUp')}` : ''}
        </p>
      )}
      <ProofLegs legs={legs} explained={decision !== undefined} />
      {accessTokenEndsAt === undefined ? null : (
        <p>
          {text('prove.endsAt')} <RelativeTime moment={accessTokenEndsAt} />.
        </p>
      )}
      {decision === undefined ? null : <DecisionPanel decision={decision} level={2} />}
      {user !== undefined && refused?.leg === 'sign-in' && decision === undefined ? (
        <SimulateLink connection={connection} user={user} />
      ) : null}
    </Stack>
  )
}

/** For another server there is no record, only its response. */
function useDecision(id: string | undefined) {
  const { data } = useApi('decisions.read', { params: { id: id ?? '' } }, { enabled: id !== undefined })
  return data?.body
}

function UserLink({ id }: { readonly id: string }) {
  const { data } = useApi('users.read', { params: { id } })
  const { name, username } = data?.body ?? {}
  return <Link to={pathOf('user', id)}>{name ?? username ?? id}</Link>
}

function Outcome({ proof: { legs, accessTokenEndsAt } }: { readonly proof: Proof }) {
  const refused = legs.find(({ outcome }) => outcome === 'refused')
  if (refused !== undefined)
    return (
      <Headline icon={<IconAlertTriangle size={28} className="cw-check-fail" aria-hidden="true" />}>
        {text(`prove.refused.${refused.leg}`)}
      </Headline>
    )
  const half = legs.some(({ outcome }) => outcome === 'skipped')
  return (
    <>
      <Headline icon={<IconCircleCheck size={28} className="cw-check-pass" aria-hidden="true" />}>
        {text(half ? 'prove.half' : 'prove.proved')}
      </Headline>
      {half || accessTokenEndsAt === undefined ? (
        <p>{text(half ? 'prove.halfText' : 'prove.provedText')}</p>
      ) : null}
    </>
  )
}

function Headline({ icon, children }: { readonly icon: ReactNode; readonly children: string }) {
  return (
    <Group wrap="nowrap" gap="sm">
      {icon}
      <strong>{children}</strong>
    </Group>
  )
}

interface SimulateLinkProps {
  readonly connection: Connection
  readonly user: string
}

/** Without a decision, simulate the request. */
function SimulateLink({ connection, user }: SimulateLinkProps) {
  const { data } = useApi('resource-apps.read', { params: { id: connection.resourceApp } })
  return (
    <p>
      <Link to="/simulator" search={questionOfConnection(connection, user, data?.body.issuer)}>
        {text('prove.simulate')}
      </Link>
    </p>
  )
}
