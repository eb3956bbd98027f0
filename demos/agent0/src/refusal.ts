// Explains in plain words why something was not done, with the code and decision id for looking it up.
import {
  BlockedByAdmin,
  NeedsMoreScope,
  SignInAgain,
  StepUpFailed,
  StepUpRequired,
  Unavailable,
  XaaError,
} from '@crosswalk/client'

import type { Product } from './planner.ts'

export interface Refusal {
  readonly text: string
  readonly code?: string
  readonly decisionId?: string
  /** Where the user can request access, at the company's identity provider */
  readonly askUrl?: string
  /** Signing in again may help */
  readonly signInAgain?: boolean
  /** Parameters of the sign-in link, for the required strength or freshness */
  readonly signInParameters?: Readonly<Record<string, string>>
}

const DOING: Readonly<Record<string, string>> = {
  list_todos: 'read your todos',
  add_todo: 'change your todos',
  finish_todo: 'change your todos',
  list_notes: 'read your notes',
  add_note: 'write notes',
}

/** @param tool - undefined if connecting already failed; @returns undefined if the error is not a refusal */
export function describeRefusal(
  error: unknown,
  product: Product,
  tool: string | undefined,
): Refusal | undefined {
  const refusal = findXaaError(error)
  if (refusal === undefined) return undefined
  const { code, decisionId } = refusal
  return { ...describe(refusal, product, tool), code, ...(decisionId === undefined ? {} : { decisionId }) }
}

/** The MCP client wraps errors of its `fetch` while it connects. */
function findXaaError(error: unknown): XaaError | undefined {
  if (error instanceof XaaError) return error
  return error instanceof Error && error.cause !== undefined ? findXaaError(error.cause) : undefined
}

function describe(error: XaaError, product: Product, tool: string | undefined): Refusal {
  if (error instanceof BlockedByAdmin) return notAllowed(error, `use ${product}`)
  if (error instanceof NeedsMoreScope) return notAllowed(error, `${nameDeed(tool)} in ${product}`)
  if (error instanceof SignInAgain)
    return { text: 'Your sign-in has ended. Please sign in again.', signInAgain: true }
  if (error instanceof StepUpRequired)
    return {
      text: 'Your organisation requires you to sign in again for this.',
      signInAgain: true,
      signInParameters: error.signInParameters,
    }
  // Not `signInAgain`: the user just did, and would go in circles.
  if (error instanceof StepUpFailed)
    return { text: 'You signed in again, but that was not enough. Ask your administrator what is required.' }
  if (error instanceof Unavailable) return { text: `${product} cannot be reached right now.` }
  return { text: error.userMessage }
}

function notAllowed({ requestAccessUrl: askUrl }: BlockedByAdmin | NeedsMoreScope, deed: string): Refusal {
  const text = `Your organisation has not allowed Agent0 to ${deed} for you.`
  return { text, ...(askUrl === undefined ? {} : { askUrl }) }
}

function nameDeed(tool: string | undefined): string {
  return (tool === undefined ? undefined : DOING[tool]) ?? 'do this'
}
