// Reads what a model server sent, of which nothing is taken for granted.
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

/** @returns undefined for what is no JSON */
export function readJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
