// Names for objects in sentences: the display name, or the id if the object was removed.
import type { ConnectionDefinition } from '@crosswalk/protocol'

import type { CompiledWorld } from '../definitions/compile-world.ts'

type Named = Pick<CompiledWorld, 'world'>

export function callApp({ world }: Named, id: string): string {
  return world.apps.get(id)?.definition.name ?? id
}

export function callResourceApp({ world }: Named, id: string): string {
  return world['resource-apps'].get(id)?.definition.name ?? id
}

export function callConnection(
  compiled: Named,
  { app, resourceApp }: Pick<ConnectionDefinition, 'app' | 'resourceApp'>,
): string {
  return `${callApp(compiled, app)} → ${callResourceApp(compiled, resourceApp)}`
}

export function callConnectionById(compiled: Named, id: string): string {
  const connection = compiled.world.connections.get(id)?.definition
  return connection === undefined ? id : callConnection(compiled, connection)
}
