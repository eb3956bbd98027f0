// A visit of a signed-in user to the pages of their own access, as each page receives it.
import type { User } from '../../ports.ts'
import { readClientAddress } from '../client-address.ts'
import type { Context } from '../respond.ts'
import type { OwnAccess, OwnProblem, OwnSource } from './contract.ts'
import type { OwnFrame } from './pages/own-frame.ts'

export interface OwnVisit {
  readonly ctx: Context
  readonly user: User
  readonly own: OwnAccess
  readonly baseUrl: string
  readonly frame: OwnFrame
}

export interface OwnPage {
  show(visit: OwnVisit): Promise<void>
  /** @returns where to redirect to; a page without it has no form */
  readonly submit?: (visit: OwnVisit, form: URLSearchParams) => Promise<string>
}

/** Notices are passed as known codes, never as text. */
export function redirectAfter(
  { frame }: OwnVisit,
  path: string,
  done: string | undefined,
  problem: OwnProblem | undefined,
): string {
  const notice = problem ?? done
  const url = new URL(frame.url(path))
  if (notice !== undefined) url.searchParams.set('done', notice)
  return url.href
}

export function readSource({ ctx }: OwnVisit): OwnSource {
  return { headers: new Headers({ 'user-agent': ctx.get('user-agent') }), ip: readClientAddress(ctx) }
}
