// A run as shown in pages and files: without values that only this process may know. Pure.
import type { RecordedRun } from '@crosswalk/lab'

import { type Setup, listRemainingSteps, type Run, waitsForSignIn } from './run.ts'

export interface ShownRun extends RecordedRun {
  /** The path of its pages */
  readonly path: string
  /** Undefined for a run from a file, which cannot be continued */
  readonly live: Run | undefined
}

/** A run from a file that is currently open. */
export interface OpenedTrace {
  readonly id: string
  readonly fileName: string
  readonly writtenAtMs: number
  readonly story: RecordedRun
}

export function showTrace({ id, story }: OpenedTrace): ShownRun {
  return { ...story, path: `/traces/${id}`, live: undefined }
}

export function showRun(run: Run): ShownRun {
  const { number, atMs, username, steps, trial, report, setup } = run
  return {
    number,
    atMs,
    username,
    parties: listParties(setup),
    steps,
    isOver: listRemainingSteps(run, { whole: true }).length === 0 && !waitsForSignIn(run),
    trial,
    report,
    path: `/runs/${number}`,
    live: run,
  }
}

export function listParties({ settings }: Setup): readonly (readonly [string, string])[] {
  const { idp, as, resource, scope, call } = settings
  return [
    ['Identity provider', idp.issuer],
    ['App, at the IdP', `${idp.clientId} (${AUTHS[idp.auth.kind]})`],
    ['Authorization server', as.issuer],
    ['App, there', `${as.clientId} (${AUTHS[as.auth.kind]})`],
    ['Resource', resource ?? 'none'],
    ['Scopes', scope ?? 'all that are granted'],
    ['Called', call ?? 'nothing'],
  ]
}

const AUTHS = {
  secret: 'by its secret',
  private_key_jwt: 'by its private key',
  none: 'without proof',
} as const
