// One step of a run, in one of seven views, each with an address of its own.
import { STEP_NAMES, type StepName } from '@crosswalk/lab'
import { html } from 'hono/html'

import { findObstacle, waitsForSignIn } from '../run.ts'
import type { ShownRun } from '../shown-run.ts'
import { type Frame, keyField, renderPage } from './page.ts'
import type { Markup } from './parts.ts'
import { renderRunFrame } from './run-frame.ts'
import { describeStatus, describeStep } from './run-words.ts'
import { renderSignIn } from './sign-in-part.ts'
import { STEP_WORDS } from './step-words.ts'
import { type TabName, TABS } from './tabs.ts'

export interface StepPageParts {
  readonly run: ShownRun
  readonly step: StepName
  readonly tab: TabName
  readonly nowSeconds: number
}

export function renderStepPage(frame: Frame, parts: StepPageParts): Promise<string> {
  const { run, step } = parts
  const { title, teaches } = STEP_WORDS[step]
  const number = STEP_NAMES.indexOf(step)
  return renderPage(frame, {
    title: `Step ${number}: ${title} – Run ${run.number}`,
    status: describeStatus(run, step),
    content: renderRunFrame(frame, {
      run,
      at: step,
      content: html`<section>
        <div class="row">
          <div><h1>${number}. ${title}</h1></div>
          ${renderChip(run, step)}
        </div>
        <p class="quiet">${teaches}</p>
        ${renderTodo(frame, run, step)} ${renderTabs(parts)}
      </section>`,
    }),
  })
}

function renderChip(run: ShownRun, step: StepName): Markup {
  const { sign, words, tone } = describeStep(run, step)
  const record = run.steps[step]
  const [only, another] = record?.sent ?? []
  // Of several answers, none stands for the step.
  const status =
    only === undefined || another !== undefined ? undefined : (only.response.status ?? 'no answer')
  const facts = record === undefined ? [] : [status, `${record.ms} ms`]
  return html`<span class="chip ${tone}"
    >${[`${sign} ${words}`, ...facts.filter((it) => it !== undefined)].join(' · ')}</span
  >`
}

/** Where the step was not done yet: why, or the way to do it. Where it is about others, it can be done again. */
function renderTodo(frame: Frame, run: ShownRun, step: StepName): Markup | '' {
  const isAgain = run.steps[step] !== undefined
  if (isAgain && !['renew', 'cut', 'recorded'].includes(step)) return ''
  const { live, path } = run
  if (live === undefined) return isAgain ? '' : html`<p class="verdict">This file does not tell of it.</p>`
  if (step === 'sign-in' && waitsForSignIn(live)) return renderSignIn(frame, live)
  const obstacle = findObstacle(live, step)
  if (obstacle !== undefined) return isAgain ? '' : html`<p class="verdict">Not reached. ${obstacle}</p>`
  return html`<form method="post" action="${path}/steps" class="acts">
    ${keyField(frame.formKey)}
    <button type="submit" name="step" value="${step}" class="${isAgain ? 'second' : ''}">
      ${step === 'cut' ? 'Suspend the connection, look, and resume it' : isAgain ? 'Do it again' : 'Do this step'}
    </button>
  </form>`
}

function renderTabs({ run, step, tab, nowSeconds }: StepPageParts): Markup {
  const record = run.steps[step]
  const shown = TABS.filter(({ name }) => record !== undefined || name === 'spec')
  const chosen = shown.find(({ name }) => name === tab) ?? shown[0]
  return html`<nav class="tabs" aria-label="Details">
      ${shown.map(
        ({ name, title, key }) =>
          html`<a
            href="${run.path}/${step}/${name}"
            ${key === undefined ? '' : html`aria-keyshortcuts="${key}"`}
            ${name === chosen?.name ? html`aria-current="page"` : ''}
            >${title}</a
          >`,
      )}
    </nav>
    <h2>${chosen?.title}</h2>
    ${chosen?.render({ run, step, record, nowSeconds })}`
}
