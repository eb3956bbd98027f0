// Lints the policies of a company against its other definitions.
import type { AppDefinition, ConnectionDefinition, ResourceAppDefinition } from '@crosswalk/protocol'

import { createLinter, type Linter, type PossibleValues } from './lint-rules.ts'

export interface LintedDefinitions {
  readonly apps: readonly AppDefinition[]
  readonly resourceApps: readonly ResourceAppDefinition[]
  readonly connections: readonly ConnectionDefinition[]
}

/** Users and groups are not checked: a directory may provide them later. */
export function createPolicyLinter({ apps, resourceApps, connections }: LintedDefinitions): Linter {
  const ends = { apps: byId(apps), resourceApps: byId(resourceApps) }
  const resources = resourceApps.flatMap((one) => one.resources)
  const idsOf = (list: readonly { readonly id: string }[]) => new Set(list.map(({ id }) => id))
  return createLinter({
    known: {
      app: idsOf(apps),
      resourceApp: idsOf(resourceApps),
      resource: idsOf(resources),
      scope: new Set([
        ...resources.flatMap(({ scopes }) => scopes),
        ...connections.flatMap(({ scopes }) => scopes),
      ]),
    },
    connections: connections.map((connection) => describeConnection(connection, ends)),
  })
}

function byId<T extends { readonly id: string }>(list: readonly T[]): ReadonlyMap<string, T> {
  return new Map(list.map((one) => [one.id, one]))
}

interface Ends {
  readonly apps: ReadonlyMap<string, AppDefinition>
  readonly resourceApps: ReadonlyMap<string, ResourceAppDefinition>
}

/** Without the values that are not known: an app that describes itself, or a resource app without a catalogue. */
function describeConnection(
  { app, resourceApp, resources, scopes }: ConnectionDefinition,
  { apps, resourceApps }: Ends,
): PossibleValues {
  const requesting = apps.get(app)
  const catalogue = resourceApps.get(resourceApp)?.resources ?? []
  const all = catalogue.map(({ id }) => id)
  return {
    app: [app],
    resourceApp: [resourceApp],
    ...(requesting === undefined ? {} : { 'app.kind': [requesting.kind], 'app.owner': requesting.owners }),
    ...(all.length === 0
      ? {}
      : {
          resource: resources.length === 0 ? all : resources,
          // An access grant can add scopes of the resource app.
          scope: [...scopes, ...catalogue.flatMap((one) => one.scopes)],
        }),
  }
}
