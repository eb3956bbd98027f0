// Handles the servers that users bring: accepts them, sends faults only after consent, and forgets them.
import type { Memory } from './memory.ts'
import { parseOwn, readValues } from './own-form.ts'
import { type Setup, listRemoteHosts } from './run.ts'

/** @returns undefined if the form has problems, which are stored with it */
export function bringOwn(memory: Memory, form: URLSearchParams, redirectUri: string): Setup | undefined {
  const parsed = parseOwn(form)
  const presetId = form.get('preset') ?? undefined
  const draft = { presetId, values: readValues(form) }
  if ('problems' in parsed) {
    memory.draft = { ...draft, problems: parsed.problems }
    return undefined
  }
  memory.forgetOwn()
  memory.draft = { ...draft, problems: [] }
  const setup: Setup = { id: 'own', settings: parsed.settings, redirectUri, mayBreak: false }
  const own = { ...setup, mayBreak: listRemoteHosts(setup).length === 0 }
  memory.saveSetup(own)
  return own
}

export function findSetup({ setups }: Memory, id: string | null | undefined): Setup | undefined {
  return Object.values(setups).find((setup) => setup.id === id)
}
