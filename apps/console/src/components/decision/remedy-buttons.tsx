// Buttons for a remedy: apply its calls after the user enters a reason, or try the changed request in the simulator.
import { Button } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { type RouteName, ROUTES } from '@crosswalk/admin-api'

import { questionOf } from './simulation.ts'
import { text } from '../../texts/text.ts'
import { queryClient } from '../../api/query-client.ts'
import { useForbiddenReason } from '../actions.tsx'
import { confirmWithForm } from '../confirm.ts'
import { ExpiryField, inThirtyDays } from '../expiry-field.tsx'
import type { Decision } from './check-groups.ts'
import { readCalls, type RemedyCall } from './remedy-calls.ts'
import { adminApi } from '../../api/client.ts'
import { sendChange } from '../../api/changes.ts'

type Remedy = Decision['remedies'][number]

/** Renders nothing if part of the remedy is an edit of the configuration file. */
export function ApplyRemedy({ remedy }: { readonly remedy: Remedy }) {
  const forbiddenReason = useForbiddenReason()
  const calls = remedy.api === undefined || remedy.edits !== undefined ? undefined : readCalls(remedy.api)
  if (calls === undefined) return null
  const why = calls.map(({ route }) => forbiddenReason(route)).find((one) => one !== undefined)
  return (
    <Button
      size="compact-sm"
      disabled={why !== undefined}
      title={why}
      onClick={() => confirmApply(remedy.text, calls)}
    >
      {text('remedy.apply')}
    </Button>
  )
}

function confirmApply(sentence: string, calls: readonly RemedyCall[]): void {
  confirmWithForm({ until: inThirtyDays() }, ({ until }, set) => ({
    title: text('remedy.applyTitle'),
    confirmLabel: text('remedy.apply'),
    done: text('remedy.applied'),
    children: (
      <>
        <p>{sentence}</p>
        {calls.some(({ route }) => acceptsExpiry(route)) ? (
          <ExpiryField value={until} change={(moment) => set({ until: moment })} />
        ) : null}
      </>
    ),
    async confirm(reason) {
      await runCalls(calls, reason, until)
      await queryClient.invalidateQueries()
    },
  }))
}

/** The same request with the changes of the remedy. */
export function TryRemedy({ decision, remedy }: { readonly decision: Decision; readonly remedy: Remedy }) {
  const question = questionOf(decision)
  if (remedy.ask === undefined || question === undefined) return null
  const { dpop, authTime, tokenIssuedAt: _, ...asked } = remedy.ask
  const search = {
    ...question,
    ...asked,
    ...(dpop === true ? { dpop: 'true' } : {}),
    ...(authTime === undefined ? {} : { age: '0' }),
  }
  return (
    <Link to="/simulator" search={search} className="cw-remedy-link">
      {text('remedy.try')}
    </Link>
  )
}

/** Runs the calls in order, without overwriting concurrent changes. */
async function runCalls(calls: readonly RemedyCall[], reason: string, until: string): Promise<void> {
  for (const call of calls) await runCall(call, reason, until)
}

async function runCall({ route, params, body }: RemedyCall, reason: string, until: string): Promise<void> {
  const isReasoned = body !== undefined && 'reason' in body
  const takesEnd = acceptsExpiry(route) && until !== ''
  const call = {
    params,
    ...(body === undefined
      ? { body: {} }
      : { body: { ...body, ...(isReasoned ? { reason } : {}), ...(takesEnd ? { until } : {}) } }),
    ...(ROUTES[route].method === 'PATCH' ? { ifMatch: await readEtag(route, params) } : {}),
    reason,
  }
  await sendChange(route, call as unknown as Parameters<typeof sendChange<RouteName>>[1])
}

/** Whether the call approves access, which can expire. */
function acceptsExpiry(route: RouteName): boolean {
  return route === 'access-grants.create' || route === 'access-requests.approve'
}

async function readEtag(route: RouteName, params: RemedyCall['params']): Promise<string> {
  const read = route.replace(/\.change$/, '.read') as 'connections.read'
  const { etag } = await adminApi.call(read, { params: { id: params.id ?? '' } })
  return etag ?? ''
}
