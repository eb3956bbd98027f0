// Names for objects in sentences: the display name, or the id if the object was removed.
import type { ConnectionDefinition } from '@crosswalk/protocol'

import type { CompiledWorld } from '../definitions/compile-world.ts'

type Named = Pick<CompiledWorld, 'world'>

export function nameApp({ world }: Named, id: string): string {
  return world.apps.get(id)?.definition.name ?? id
}

export function nameResourceApp({ world }: Named, id: string): string {
  return world['resource-apps'].get(id)?.definition.name ?? id
}

export function nameConnection(
  compiled: Named,
  { app, resourceApp }: Pick<ConnectionDefinition, 'app' | 'resourceApp'>,
): string {
  return `${nameApp(compiled, app)} → ${nameResourceApp(compiled, resourceApp)}`
}

export function nameConnectionById(compiled: Named, id: string): string {
  const connection = compiled.world.connections.get(id)?.definition
  return connection === undefined ? id : nameConnection(compiled, connection)
}
