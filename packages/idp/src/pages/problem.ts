// Why a form was not accepted: the message and the status.
import { html } from 'hono/html'

import type { Markup, Page } from '@crosswalk/as-core/pages'

export type SignInProblem = 'refused' | { readonly retryAfterSeconds: number } | { readonly text: string }

/** The status and headers of a page that shows the form again. */
export function buildProblemFrame(problem: SignInProblem | undefined): Pick<Page, 'status' | 'headers'> {
  if (problem === undefined) return { status: 200 }
  if (problem === 'refused') return { status: 401 }
  if ('text' in problem) return { status: 403 }
  return { status: 429, headers: { 'retry-after': String(problem.retryAfterSeconds) } }
}

/** @param refused - message for wrong input */
export function renderProblem(problem: SignInProblem | undefined, refused: string): Markup | '' {
  if (problem === undefined) return ''
  return html`<p class="alert" role="alert" id="problem">${describe(problem, refused)}</p>`
}

function describe(problem: SignInProblem, refused: string): string {
  if (problem === 'refused') return refused
  return 'text' in problem ? problem.text : describeWait(problem.retryAfterSeconds)
}

/** Attributes of an input with refused content. */
export function markInvalid(problem: SignInProblem | undefined): Markup | '' {
  return problem === 'refused' ? html`aria-invalid="true" aria-describedby="problem"` : ''
}

function describeWait(waitSeconds: number): string {
  const [amount, unit] = waitSeconds < 60 ? [waitSeconds, 'second'] : [Math.ceil(waitSeconds / 60), 'minute']
  return `Too many failed attempts. Wait ${amount} ${unit}${amount === 1 ? '' : 's'}, then try again.`
}
