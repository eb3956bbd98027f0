// What accepting an invitation defines at an identity provider: a resource app, and a connection from the app to it.
// Existing definitions are kept.
import type { ConfigurationDocument, Invitation } from '@crosswalk/admin-api'
import { accept, refuse, type Result } from '@crosswalk/protocol'

import { renderPlannedObject } from '../configuration/render-document.ts'
import { definitionsOf, type World } from '../definitions/records.ts'
import type { InvitationPlan, PlanParts, InvitationChoices } from './invitation-plan.ts'

/** @returns the plan, or a sentence why there is none */
export function planAtIdentityProvider(
  parts: PlanParts,
  invitation: Invitation,
  { app: wanted, assignments }: InvitationChoices,
): Result<InvitationPlan, string> {
  const { world } = parts.directory.current()
  const app = findApp(world, invitation.app, wanted)
  if (!app.accepted) return app
  const { resourceApp, isNew } = planResourceApp(parts, invitation, assignments)
  const { resources } = invitation.authorizationServer
  const isAssigned =
    assignments !== undefined &&
    (assignments.everyone || assignments.users.length > 0 || assignments.groups.length > 0)
  const id = `${app.value}-${String(resourceApp['id'])}`.replaceAll(/[^\w.:@-]+/g, '-').slice(0, 128)
  const exists = world.connections.has(id)
  const connection = {
    id,
    app: app.value,
    resourceApp: resourceApp['id'],
    clientId: invitation.app.clientId,
    resources: resources.map((resource) => resource.id),
    scopes: [...new Set(resources.flatMap(({ scopes }) => scopes))],
    ...(assignments === undefined ? {} : { assignments }),
    status: isAssigned ? 'active' : 'draft',
  }
  const document = {
    idp: { resourceApps: [resourceApp], ...(exists ? {} : { connections: [connection] }) },
  }
  return accept({
    document: document as ConfigurationDocument,
    notes: [
      ...(exists ? [`Connection ${id} already exists and is kept.`] : []),
      ...(!exists && !isAssigned ? [`Assign users to connection ${id}, and activate it.`] : []),
      ...(!isNew && isAssigned
        ? [`Check who can be represented at ${String(resourceApp['id'])}: its assignments are kept.`]
        : []),
    ],
  })
}

function findApp(
  { apps }: Pick<World, 'apps'>,
  { id, clientId }: Invitation['app'],
  wanted: string | undefined,
): Result<string, string> {
  if (wanted !== undefined)
    return apps.has(wanted) ? accept(wanted) : refuse(`There is no app ${wanted} here.`)
  const named = [id, clientId].find((one) => one !== undefined && apps.has(one))
  if (named !== undefined) return accept(named)
  const [only, ...others] = apps.keys()
  if (only !== undefined && others.length === 0) return accept(only)
  return refuse(
    only === undefined
      ? 'No app is registered here. Register the app first.'
      : `Several apps match. Specify one of them: ${[only, ...others].slice(0, 20).join(', ')}.`,
  )
}

/** The existing resource app of this issuer and tenant, completed with missing resources, or a new one. */
function planResourceApp(
  parts: PlanParts,
  { authorizationServer: { issuer, audTenant, resources }, resourceApp: { name } }: Invitation,
  assignments: InvitationChoices['assignments'],
): { readonly resourceApp: Readonly<Record<string, unknown>>; readonly isNew: boolean } {
  const all = definitionsOf(parts.directory.current().world['resource-apps'])
  const known = all.find((one) => one.issuer === issuer && one.audTenant === audTenant)
  if (known === undefined) {
    const id = makeId(name, new Set(all.map((one) => one.id)))
    const tenant = audTenant === undefined ? {} : { audTenant }
    const who = assignments === undefined ? {} : { assignments }
    return { resourceApp: { id, name, issuer, ...tenant, resources, ...who }, isNew: true }
  }
  const merged = known.resources.map((resource) => {
    const invited = resources.find(({ id }) => id === resource.id)
    return { ...resource, scopes: [...new Set([...resource.scopes, ...(invited?.scopes ?? [])])] }
  })
  const added = resources.filter(({ id }) => !known.resources.some((one) => one.id === id))
  const shown = renderPlannedObject(parts, 'resource-apps', known)
  return { resourceApp: { ...shown, resources: [...merged, ...added] }, isNew: false }
}

function makeId(name: string, taken: ReadonlySet<string>): string {
  const slug = name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')
  const base = slug.replaceAll(/^-+|-+$/g, '').slice(0, 100) || 'resource-app'
  for (let count = 1; ; count += 1) {
    const id = count === 1 ? base : `${base}-${count}`
    if (!taken.has(id)) return id
  }
}
