// Handles the servers that users bring: accepts them, sends faults only after consent, and forgets them.
import type { Memory } from './memory.ts'
import { parseOwn, readValues } from './own-form.ts'
import { type Crossing, listForeignHosts } from './run.ts'

/** @returns undefined if the form has problems, which are stored with it */
export function bringOwn(memory: Memory, form: URLSearchParams, redirectUri: string): Crossing | undefined {
  const parsed = parseOwn(form)
  const presetId = form.get('preset') ?? undefined
  const draft = { presetId, values: readValues(form) }
  if ('problems' in parsed) {
    memory.draft = { ...draft, problems: parsed.problems }
    return undefined
  }
  memory.forgetOwn()
  memory.draft = { ...draft, problems: [] }
  const crossing: Crossing = { id: 'own', settings: parsed.settings, redirectUri, mayBreak: false }
  const own = { ...crossing, mayBreak: listForeignHosts(crossing).length === 0 }
  memory.setCrossing(own)
  return own
}

export function findCrossing({ crossings }: Memory, id: string | null | undefined): Crossing | undefined {
  return Object.values(crossings).find((crossing) => crossing.id === id)
}
