// The input of the wizard, and when each step is complete.

import { text } from '../../../texts/text.ts'
import type { Draft } from '../connection-fields.tsx'
import { inDays } from '../../../components/local-moment.ts'

export const STEPS = ['apps', 'discover', 'users', 'conditions', 'preview'] as const

/** @returns the step in the URL, or the first incomplete one before it; after a reload, all are incomplete */
export function findStep(step: string | undefined, plan: Plan): number {
  const asked = STEPS.findIndex((name) => name === step)
  const unfinished = STEPS.findIndex((name) => findMissingInput(name, plan) !== undefined)
  return Math.max(0, unfinished === -1 ? asked : Math.min(asked, unfinished))
}

export interface NewResourceApp {
  readonly id: string
  readonly name: string
  readonly issuer: string
  readonly resources: { id: string; scopes: string[] }[]
}

export interface Plan {
  readonly connection: Draft
  /** URL of an unregistered resource app; undefined for a registered one */
  readonly url?: string | undefined
  /** Its definition, once its metadata was read */
  readonly resourceApp?: NewResourceApp | undefined
  /** An existing connection between the two apps, if any; undefined until checked */
  readonly existing?: { readonly id: string | undefined } | undefined
  readonly noEndReason: string
}

export interface StepProps {
  readonly plan: Plan
  readonly change: (plan: Plan) => void
}

/** @returns whether anything was entered; that the console looked for an existing connection is no input */
export function hasInput(plan: Plan, opened: Plan): boolean {
  const [now, before] = [plan, opened].map((one) => JSON.stringify({ ...one, existing: undefined }))
  return now !== before
}

const DEFAULT_DAYS = 90

interface InitialApps {
  readonly app?: string | undefined
  readonly resourceApp?: string | undefined
}

export function emptyPlan({ app = '', resourceApp = '' }: InitialApps = {}): Plan {
  return {
    noEndReason: '',
    connection: {
      id: joinIds(app, resourceApp),
      app,
      resourceApp,
      resources: [],
      scopes: [],
      authorizationDetailsTypes: [],
      assignments: { everyone: false, users: [], groups: [] },
      status: 'active',
      expiresAt: inDays(DEFAULT_DAYS),
      conditions: { dpop: 'optional' },
    },
  }
}

/** @returns what is missing before the next step, in words */
export function findMissingInput(
  step: string,
  { connection, url, resourceApp, existing, noEndReason }: Plan,
) {
  if (step === 'apps') {
    if (existing?.id !== undefined) return text('new.exists')
    const target = connection.resourceApp !== '' || (url ?? '') !== ''
    if (connection.app === '' || !target) return text('new.pickBoth')
    return url === undefined && existing === undefined ? text('new.checking') : undefined
  }
  if (step === 'discover')
    return url === undefined || resourceApp !== undefined ? undefined : text('new.pickBoth')
  if (step === 'users') {
    const { scopes, authorizationDetailsTypes: types } = connection
    if (scopes.length + types.length === 0) return text('new.pickScopes')
    const { everyone, users, groups } = connection.assignments
    return everyone || users.length + groups.length > 0 ? undefined : text('new.pickUsers')
  }
  if (step === 'conditions' && connection.expiresAt === undefined && noEndReason.trim() === '')
    return text('new.noEndReason')
  return undefined
}

/** The new resource app is registered now, and has no connections yet. */
export function withRegistered({ connection, noEndReason }: Plan): Plan {
  return { connection, noEndReason, existing: { id: undefined } }
}

/** Without scopes in the metadata, typed scopes are registered and selected. */
export function withTypedScopes(plan: Plan, scopes: string[]): Plan {
  const { resourceApp, connection } = plan
  if (resourceApp === undefined) return plan
  const resources = resourceApp.resources.map((resource) => ({ ...resource, scopes }))
  return {
    ...plan,
    resourceApp: { ...resourceApp, resources },
    connection: { ...connection, scopes, resources: resources.map(({ id }) => id) },
  }
}

/** @returns a readable id made of two others */
export function joinIds(app: string, resourceApp: string): string {
  return `${app}-${resourceApp}`
    .replaceAll(/[^A-Za-z0-9._:@-]+/g, '-')
    .replace(/^[^A-Za-z0-9]+/, '')
    .slice(0, 128)
}
