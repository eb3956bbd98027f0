// A run as pages and files show it: without what only this process may know. Pure.
import type { RunStory } from '@crosswalk/lab'

import { type Crossing, listAhead, type Run, waitsForSignIn } from './run.ts'

export interface ShownRun extends RunStory {
  /** Where its pages are */
  readonly path: string
  /** Undefined where a file tells of it: then nothing can be done with it */
  readonly live: Run | undefined
}

/** A run that a file tells of, as long as this process has it open. */
export interface OpenedTrace {
  readonly id: string
  readonly fileName: string
  readonly writtenAtMs: number
  readonly story: RunStory
}

export function showTrace({ id, story }: OpenedTrace): ShownRun {
  return { ...story, path: `/traces/${id}`, live: undefined }
}

export function showRun(run: Run): ShownRun {
  const { number, atMs, username, steps, trial, report, crossing } = run
  return {
    number,
    atMs,
    username,
    parties: listParties(crossing),
    steps,
    isOver: listAhead(run, { whole: true }).length === 0 && !waitsForSignIn(run),
    trial,
    report,
    path: `/runs/${number}`,
    live: run,
  }
}

export function listParties({ settings }: Crossing): readonly (readonly [string, string])[] {
  const { idp, as, resource, scope, call } = settings
  return [
    ['Identity provider', idp.issuer],
    ['App, at the IdP', `${idp.clientId} (${AUTHS[idp.auth.kind]})`],
    ['Authorization server', as.issuer],
    ['App, there', `${as.clientId} (${AUTHS[as.auth.kind]})`],
    ['Resource', resource ?? 'none named'],
    ['Scopes', scope ?? 'all that are given'],
    ['Called', call ?? 'nothing'],
  ]
}

const AUTHS = {
  secret: 'by its secret',
  private_key_jwt: 'by its private key',
  none: 'without proof',
} as const
