// Report-only policies with their effect on real traffic and a button to enforce them, so that a policy is reviewed before it denies anything.
import { IconPlayerPlay } from '@tabler/icons-react'
import type { AdminAnswer, AnswerTo } from '@crosswalk/admin-api'
import type { UseQueryResult } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'

import type { Policy } from '../../api/objects.ts'
import { adminApi } from '../../api/client.ts'
import { useApi, useList } from '../../api/queries.ts'
import { ActionButton } from '../../components/actions.tsx'
import { OwnerChip } from '../../components/chips.tsx'
import { NextStep } from '../../components/next-step.tsx'
import { PageHeader } from '../../components/page-header.tsx'
import { EmptyState, ForbiddenState, Loaded, Loading } from '../../components/states.tsx'
import { RelativeTime } from '../../components/time.tsx'
import { showFailed } from '../../components/toasts.tsx'
import { useCan } from '../../session/session.tsx'
import { text } from '../../texts/text.ts'
import { Differences } from './replay-report.tsx'
import { confirmPolicyState } from './confirm-policy-state.tsx'
import { PagedItems } from '../../components/paged-items.tsx'
import { smallIcon } from '../../components/small-icon.tsx'
import './policies.css'
import { pathOf } from '../../components/object/object-path.ts'

export function Page() {
  const list = useList('policies.list', { status: 'report-only' })
  // One replay for all policies, not one for each.
  const effects = useApi('replay.report-only', { body: {} }, { enabled: useCan()('replay.report-only') })
  return (
    <>
      <PageHeader title={text('nav.reportOnly')} lead={text('reportOnly.lead')} />
      <PagedItems
        list={list}
        empty={
          <EmptyState
            title={text('reportOnly.none')}
            actions={
              <NextStep to="/policies/new" needs="policies.create" label={text('word.createPolicy')} />
            }
          >
            {text('reportOnly.noneText')}
          </EmptyState>
        }
      >
        {(items) => (
          <ul className="cw-plain-list">
            {items.map((policy) => (
              <Rule key={policy.id} policy={policy} effects={effects} />
            ))}
          </ul>
        )}
      </PagedItems>
    </>
  )
}

interface RuleProps {
  readonly policy: Policy
  readonly effects: UseQueryResult<AdminAnswer<AnswerTo<'replay.report-only'>>>
}

function Rule({ policy, effects }: RuleProps) {
  const { id, sentence, owner, updatedAt } = policy
  const can = useCan()
  return (
    <li className="cw-section">
      <div className="cw-row">
        <div>
          <h2>
            <Link to={pathOf('policy', id)}>{sentence}</Link>
          </h2>
          <p className="cw-quiet-text">
            <code>{id}</code> <OwnerChip owner={owner} />{' '}
            {updatedAt === null ? null : (
              <>
                {text('word.changed')} <RelativeTime moment={updatedAt} />
              </>
            )}
          </p>
        </div>
        <ActionButton
          action={{
            label: text('rule.turn.enforced'),
            icon: smallIcon(IconPlayerPlay),
            needs: 'policies.change',
            owner,
            run: () => void confirmEnforce(id),
          }}
        />
      </div>
      {can('replay.report-only') ? (
        <section className="cw-card">
          <h3>{text('rule.with')}</h3>
          <p className="cw-quiet-text">{text('rule.withHelp')}</p>
          <Loaded query={effects} skeleton={<Loading lines={4} />}>
            {({ body: { sample, policies } }) => {
              const report = policies.find((one) => one.policy === id)
              // A policy that was created after the replay; the next one includes it.
              return report === undefined ? (
                <Loading lines={4} />
              ) : (
                <Differences report={{ ...report, sample }} />
              )
            }}
          </Loaded>
        </section>
      ) : (
        <ForbiddenState />
      )}
    </li>
  )
}

/** Enforces the displayed version, so that no concurrent change is enforced unseen. */
async function confirmEnforce(id: string): Promise<void> {
  try {
    const { body, etag = '' } = await adminApi.call('policies.read', { params: { id } })
    confirmPolicyState(body, etag, 'enforced')
  } catch (error) {
    showFailed(error)
  }
}
