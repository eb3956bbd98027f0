// The parties of a decision. An authorization server's ids of users and apps may mean different ones here, so only those of this console's
// identity provider are shown by name and linked.
import { Link } from '@tanstack/react-router'
import { type ReactNode, useCallback } from 'react'

import { WORKLOAD_PREFIX } from '@crosswalk/protocol'

import { text } from '../../texts/text.ts'
import { useNames } from '../../session/names.ts'
import { useSession } from '../../session/session.tsx'
import { AppName, ResourceAppName } from '../object/names.tsx'
import type { Decision } from './check-groups.ts'
import { pathOf } from '../object/object-path.ts'

interface PartyProps {
  readonly decision: Decision
  /** Shown if there is no user */
  readonly otherwise: string
  /** Whether to link to the party's page */
  readonly linked?: boolean
}

export function UserOf({ decision, otherwise, linked = false }: PartyProps) {
  const name = useNameOfUser()(decision) ?? otherwise
  const { issuer } = useSession()
  const { ref } = decision.request.subject ?? {}
  const hasPage = linked && ref !== undefined && isUserHere(decision, issuer)
  return <Named name={name} to={hasPage ? pathOf('user', ref) : undefined} />
}

/** @returns a function that returns the display name of a decision's user; undefined for a decision without a user */
export function useNameOfUser(): (decision: Decision) => string | undefined {
  const names = useNames()
  const { issuer } = useSession()
  return useCallback(
    (decision) => {
      const { ref, display } = decision.request.subject ?? {}
      if (ref === undefined) return display
      if (ref.startsWith(WORKLOAD_PREFIX)) return text('decision.workload')
      const name = isUserHere(decision, issuer) ? names.user(ref) : ref
      return name === ref ? (display ?? ref) : name
    },
    [names, issuer],
  )
}

function isUserHere({ stage, request: { subject } }: Decision, issuer: string | undefined): boolean {
  if (subject?.ref?.startsWith(WORKLOAD_PREFIX) === true) return false
  return subject?.issuer === undefined ? isOfIdp(stage) : subject.issuer === issuer
}

interface Party {
  readonly kind: 'user' | 'app' | 'connection'
  readonly id: string
}

/** @returns those that have a page in this console */
export function listParties(decision: Decision, issuer: string | undefined): readonly Party[] {
  const { stage, request, resolution } = decision
  const ids: Readonly<Record<Party['kind'], string | undefined>> = {
    user: isUserHere(decision, issuer) ? request.subject?.ref : undefined,
    app: isOfIdp(stage) ? request.requesting_app?.id : undefined,
    connection: isOfIdp(stage) ? resolution.connection : undefined,
  }
  return (['user', 'app', 'connection'] as const).flatMap((kind) => {
    const id = ids[kind]
    return id === undefined ? [] : [{ kind, id }]
  })
}

export function AppOf({ decision: { stage, request }, otherwise, linked = false }: PartyProps) {
  const id = request.requesting_app?.id
  if (id === undefined) return <>{otherwise}</>
  if (!isOfIdp(stage)) return <>{id}</>
  return <Named name={<AppName id={id} />} to={linked ? pathOf('app', id) : undefined} />
}

export function ResourceAppOf({ decision: { stage, resolution }, otherwise, linked = false }: PartyProps) {
  const id = resolution.resource_app
  if (id === undefined) return <>{otherwise}</>
  if (!isOfIdp(stage)) return <>{id}</>
  const to = linked ? pathOf('resource_app', id) : undefined
  return <Named name={<ResourceAppName id={id} />} to={to} />
}

function isOfIdp(stage: string): boolean {
  return stage.startsWith('idp.')
}

function Named({ name, to }: { readonly name: ReactNode; readonly to: string | undefined }) {
  return to === undefined ? <>{name}</> : <Link to={to}>{name}</Link>
}
