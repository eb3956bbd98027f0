// How sentences call what is defined: by its name, or by its id where it is gone.
import type { ConnectionDefinition } from '@crosswalk/protocol'

import type { CompiledWorld } from '../definitions/compile-world.ts'

export function callApp({ world }: CompiledWorld, id: string): string {
  return world.apps.get(id)?.definition.name ?? id
}

export function callConnection(
  compiled: CompiledWorld,
  { app, resourceApp }: Pick<ConnectionDefinition, 'app' | 'resourceApp'>,
): string {
  const there = compiled.world['resource-apps'].get(resourceApp)?.definition.name ?? resourceApp
  return `${callApp(compiled, app)} → ${there}`
}

export function callConnectionById(compiled: CompiledWorld, id: string): string {
  const connection = compiled.world.connections.get(id)?.definition
  return connection === undefined ? id : callConnection(compiled, connection)
}
