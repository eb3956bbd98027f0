// Stores scope approvals: each is durable together with its audit event, which includes the meaning.
import { digest } from '@crosswalk/as-core'
import { approvalKey, connectionKey, renderMeaning } from '@crosswalk/policy'
import type { ConnectionDefinition, ScopeMeaning } from '@crosswalk/protocol'
import type { ObjectChange } from '@crosswalk/storage'

import { ACTS } from '../definitions/stored-acts.ts'
import type { ApprovalRecord } from '../definitions/records.ts'
import { buildAct, type AdminEvent } from '../audit/change-event.ts'
import { type AdminContext, authorOf } from '../http/context.ts'
import type { Parts } from '../parts.ts'
import { showScopeState } from '../definitions/collections/connections.ts'

interface Approved {
  readonly connection: ConnectionDefinition
  /** A subset of the scopes that need approval */
  readonly scopes: readonly string[]
}

export async function storeApprovals(
  parts: Parts<'directory' | 'clock'>,
  context: AdminContext,
  { connection, scopes }: Approved,
): Promise<void> {
  const { id, app, resourceApp } = connection
  const at = parts.clock.nowMs()
  const states = findStates(parts, connection)
  const records = [...new Set(scopes)].flatMap((scope): readonly ApprovalRecord[] => {
    const meaning = states?.get(scope)?.meaning
    if (meaning === undefined) return []
    return [
      {
        ...{ connection: id, app, resourceApp, scope, meaning, digest: digest(renderMeaning(meaning)) },
        at: new Date(at).toISOString(),
        ...authorOf(context),
      },
    ]
  })
  await parts.directory.changeAll(
    records.map((record) => {
      const { scope: name, meaning, digest: of } = record
      const change = { scope: name, meaning, digest: of }
      const step = describeStep(record, { type: 'connection.scope_approved', change })
      return buildAct(context, at, { ...step, body: record })
    }),
  )
}

interface RevokedApproval {
  /** Id of the connection */
  readonly connection: string
  readonly scopes: readonly string[]
}

/** Approvals from the configuration file stay. @returns the changes that remove the others */
export function describeRemovals(
  { directory, clock }: Parts<'directory' | 'clock'>,
  context: AdminContext,
  { connection, scopes }: RevokedApproval,
): readonly ObjectChange[] {
  const { approvals } = directory.current().world
  const at = clock.nowMs()
  return [...new Set(scopes)].flatMap((scope) => {
    const record = approvals.get(approvalKey({ connection, scope }))
    if (record === undefined) return []
    const change = { scope, digest: record.digest }
    return [buildAct(context, at, describeStep(record, { type: 'connection.approval_revoked', change }))]
  })
}

/** A scope or connection that is removed and added back needs approval again. */
export function describeStaleApprovals(
  parts: Parts<'directory' | 'clock'>,
  context: AdminContext,
  before: ConnectionDefinition,
  after: ConnectionDefinition | undefined,
): readonly ObjectChange[] {
  const isSame = after?.app === before.app && after.resourceApp === before.resourceApp
  const scopes = before.scopes.filter((scope) => !isSame || !after.scopes.includes(scope))
  return describeRemovals(parts, context, { connection: before.id, scopes })
}

/** @returns the current meaning of each scope that needs approval, by scope */
export function readMeanings(
  parts: Parts<'directory'>,
  joined: Joined,
  scopes: readonly string[],
): Readonly<Record<string, ScopeMeaning>> {
  const states = findStates(parts, joined)
  return Object.fromEntries(
    scopes.flatMap((scope) => {
      const meaning = states?.get(scope)?.meaning
      return meaning === undefined ? [] : [[scope, meaning]]
    }),
  )
}

/** @returns the scopes that await approval on the connection, with their meanings */
export function describeHeld(parts: Parts<'directory'>, joined: Joined, scopes: readonly string[]) {
  const states = findStates(parts, joined)
  return scopes
    .flatMap((scope) => showScopeState(scope, states?.get(scope)))
    .filter(({ state }) => state !== 'approved')
}

type Joined = Pick<ConnectionDefinition, 'app' | 'resourceApp'>

function findStates({ directory }: Parts<'directory'>, { app, resourceApp }: Joined) {
  return directory.current().exchange?.connections.get(connectionKey(app, resourceApp))?.approvals
}

function describeStep(record: ApprovalRecord, about: Pick<AdminEvent, 'type' | 'change'>) {
  const target = { kind: 'connection', id: record.connection }
  const event: AdminEvent = { ...about, category: 'governance', target }
  return { collection: ACTS.approvals, id: approvalKey(record), event }
}
