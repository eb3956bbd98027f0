// Buttons for a remedy: apply its calls after a reason is given, or try the changed request in the simulator.
import { Button } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { type RouteName, ROUTES } from '@crosswalk/admin-api'

import { questionOf } from './simulation.ts'
import { text } from '../../texts/text.ts'
import { queryClient } from '../../api/query-client.ts'
import { useForbiddenReason } from '../actions.tsx'
import { askWith } from '../ask-reason.ts'
import { EndField, inThirtyDays } from '../end-field.tsx'
import type { Decision } from './check-groups.ts'
import { adminApi } from '../../api/client.ts'
import { sendChange } from '../../api/changes.ts'

type Remedy = Decision['remedies'][number]

/** Renders nothing if part of the remedy is an edit of the configuration file. */
export function ApplyRemedy({ remedy }: { readonly remedy: Remedy }) {
  const whyNot = useForbiddenReason()
  const acts = remedy.api === undefined || remedy.edits !== undefined ? undefined : readActs(remedy.api)
  if (acts === undefined) return null
  const why = acts.map(({ route }) => whyNot(route)).find((one) => one !== undefined)
  return (
    <Button
      size="compact-sm"
      disabled={why !== undefined}
      title={why}
      onClick={() => askToApply(remedy.text, acts)}
    >
      {text('remedy.apply')}
    </Button>
  )
}

function askToApply(sentence: string, acts: readonly RemedyAct[]): void {
  askWith({ until: inThirtyDays() }, ({ until }, set) => ({
    title: text('remedy.applyTitle'),
    confirmLabel: text('remedy.applyNow'),
    done: text('remedy.applied'),
    children: (
      <>
        <p>{sentence}</p>
        {acts.some(({ route }) => acceptsExpiry(route)) ? (
          <EndField value={until} change={(moment) => set({ until: moment })} />
        ) : null}
      </>
    ),
    async confirm(reason) {
      await runActs(acts, reason, until)
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

interface RemedyAct {
  readonly route: RouteName
  readonly params: Readonly<Record<string, string>>
  readonly body: Readonly<Record<string, unknown>> | undefined
}

const LINE = /^([A-Z]+) (\S+)(?: (\{.*\}))?$/

/** @returns undefined if a line is not a known call */
function readActs(api: string): readonly RemedyAct[] | undefined {
  const acts = api.split('\n').map(readAct)
  return acts.every((act) => act !== undefined) ? acts : undefined
}

function readAct(line: string): RemedyAct | undefined {
  const [, method, path = '', json] = LINE.exec(line) ?? []
  for (const [name, route] of Object.entries(ROUTES)) {
    const params = route.method === method ? matchPath(route.path, path) : undefined
    if (params !== undefined)
      return { route: name as RouteName, params, body: json === undefined ? undefined : JSON.parse(json) }
  }
  return undefined
}

function matchPath(template: string, path: string): Readonly<Record<string, string>> | undefined {
  const [parts, given] = [template.split('/'), path.split('/')]
  if (parts.length !== given.length) return undefined
  const params: Record<string, string> = {}
  for (const [index, part] of parts.entries()) {
    const name = /^\{(\w+)\}$/.exec(part)?.[1]
    if (name !== undefined) params[name] = given[index] ?? ''
    else if (part !== given[index]) return undefined
  }
  return params
}

/** Runs the calls in order, without overwriting concurrent changes. */
async function runActs(acts: readonly RemedyAct[], reason: string, until: string): Promise<void> {
  for (const act of acts) await runAct(act, reason, until)
}

async function runAct({ route, params, body }: RemedyAct, reason: string, until: string): Promise<void> {
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

/** Whether the call approves access, which can be given an end. */
function acceptsExpiry(route: RouteName): boolean {
  return route === 'access-grants.create' || route === 'access-requests.approve'
}

async function readEtag(route: RouteName, params: RemedyAct['params']): Promise<string> {
  const read = route.replace(/\.change$/, '.read') as 'connections.read'
  const { etag } = await adminApi.call(read, { params: { id: params.id ?? '' } })
  return etag ?? ''
}
