// Reads values from a model server, without trusting their types.
import { isObject } from '@crosswalk/protocol'

export function readObject(value: unknown): Readonly<Record<string, unknown>> {
  return isObject(value) ? value : {}
}

export function readList(value: unknown): readonly Readonly<Record<string, unknown>>[] {
  return Array.isArray(value) ? value.filter(isObject) : []
}

export function readText(value: unknown): string {
  return typeof value === 'string' ? value : ''
}
