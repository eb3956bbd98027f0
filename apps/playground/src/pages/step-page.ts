// One step of a run in seven views, each with its own URL.
import { STEP_NAMES, type StepName } from '@crosswalk/lab'
import { html } from 'hono/html'

import { findBlocker, waitsForSignIn } from '../run.ts'
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
  // With several responses, no single status represents the step.
  const status =
    only === undefined || another !== undefined ? undefined : (only.response.status ?? 'no response')
  const facts = record === undefined ? [] : [status, `${record.ms} ms`]
  return html`<span class="chip ${tone}"
    >${[`${sign} ${words}`, ...facts.filter((it) => it !== undefined)].join(' · ')}</span
  >`
}

/** For an open step: the obstacle, or a button to run it. Steps that act elsewhere can be repeated. */
function renderTodo(frame: Frame, run: ShownRun, step: StepName): Markup | '' {
  const isAgain = run.steps[step] !== undefined
  if (isAgain && !['renew', 'cut', 'recorded'].includes(step)) return ''
  const { live, path } = run
  if (live === undefined)
    return isAgain ? '' : html`<p class="verdict">This file does not include this step.</p>`
  if (step === 'sign-in' && waitsForSignIn(live)) return renderSignIn(frame, live)
  const obstacle = findBlocker(live, step)
  if (obstacle !== undefined) return isAgain ? '' : html`<p class="verdict">Not reached. ${obstacle}</p>`
  return html`<form method="post" action="${path}/steps" class="acts">
    ${keyField(frame.formKey)}
    <button type="submit" name="step" value="${step}" class="${isAgain ? 'second' : ''}">
      ${step === 'cut' ? 'Suspend the connection, test, and resume it' : isAgain ? 'Run this step again' : 'Run this step'}
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
