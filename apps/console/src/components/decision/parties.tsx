// The parties of a decision. An authorization server's ids of users and apps may mean different ones here, so only those of this console's
// identity provider are shown by name and linked.
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'

import { WORKLOAD_PREFIX } from '@crosswalk/protocol'

import { text } from '../../texts/text.ts'
import { useSession } from '../../session/session.tsx'
import { AppName, UserName, ResourceAppName } from '../object/names.tsx'
import type { Decision } from './check-groups.ts'

interface PartyProps {
  readonly decision: Decision
  /** Shown if there is no user */
  readonly otherwise: string
  /** Whether to link to the party's page */
  readonly linked?: boolean
}

export function UserOf({ decision: { stage, request }, otherwise, linked = false }: PartyProps) {
  const { issuer } = useSession()
  const { ref, display, issuer: namedBy } = request.subject ?? {}
  if (ref === undefined) return <>{display ?? otherwise}</>
  if (ref.startsWith(WORKLOAD_PREFIX)) return <>{text('decision.workload')}</>
  const isKnown = namedBy === undefined ? isOfIdp(stage) : namedBy === issuer
  const name = display ?? (isKnown ? <UserName id={ref} /> : ref)
  return <Named name={name} to={linked && isKnown ? `/users/${encodeURIComponent(ref)}` : undefined} />
}

export function AppOf({ decision: { stage, request }, otherwise, linked = false }: PartyProps) {
  const id = request.requesting_app?.id
  if (id === undefined) return <>{otherwise}</>
  if (!isOfIdp(stage)) return <>{id}</>
  return <Named name={<AppName id={id} />} to={linked ? `/apps/${encodeURIComponent(id)}` : undefined} />
}

export function ResourceAppOf({ decision: { stage, resolution }, otherwise, linked = false }: PartyProps) {
  const id = resolution.resource_app
  if (id === undefined) return <>{otherwise}</>
  if (!isOfIdp(stage)) return <>{id}</>
  const to = linked ? `/resource-apps/${encodeURIComponent(id)}` : undefined
  return <Named name={<ResourceAppName id={id} />} to={to} />
}

function isOfIdp(stage: string): boolean {
  return stage.startsWith('idp.')
}

function Named({ name, to }: { readonly name: ReactNode; readonly to: string | undefined }) {
  return to === undefined ? <>{name}</> : <Link to={to}>{name}</Link>
}
