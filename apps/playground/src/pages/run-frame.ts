// The common frame of all pages of a run: the position, the list of steps, and the next actions.
import { STEP_NAMES, type StepName } from '@crosswalk/lab'
import { html } from 'hono/html'

import { EVERY_FAULT, findBlocker, findTarget, listRemainingSteps, type Run, waitsForSignIn } from '../run.ts'
import type { ShownRun } from '../shown-run.ts'
import { type Frame, keyField } from './page.ts'
import type { Markup } from './parts.ts'
import { describeStep } from './run-words.ts'
import { STEP_WORDS } from './step-words.ts'

export interface RunFrameParts {
  readonly run: ShownRun
  /** Undefined on the overview page of the run */
  readonly at: StepName | undefined
  readonly content: Markup
}

export function renderRunFrame(frame: Frame, { run, at, content }: RunFrameParts): Markup {
  return html`<p><a href="/">Playground</a> · <a href="${run.path}">Run ${run.number}</a></p>
    ${run.live === undefined ? renderFileNote() : ''} ${renderActs(frame, run, at)}
    <div class="split">
      <nav aria-label="Steps">
        <ol class="steps" role="list" start="0">
          ${STEP_NAMES.map((step, index) => renderStep(run, step, { index, isHere: step === at }))}
        </ol>
      </nav>
      <div>${content}</div>
    </div>`
}

function renderFileNote(): Markup {
  return html`<p class="verdict">
    This trace was opened from a file: its content was not verified, and its steps cannot be run here. E-mail
    addresses in it are pseudonyms, and times are relative to when it was saved.
  </p>`
}

function renderStep(
  run: ShownRun,
  step: StepName,
  { index, isHere }: { readonly index: number; readonly isHere: boolean },
): Markup {
  const { sign, words } = describeStep(run, step)
  return html`<li>
    <a href="${run.path}/${step}" aria-keyshortcuts="${index}" ${isHere ? html`aria-current="step"` : ''}
      ><span aria-hidden="true">${sign}</span> ${index} ${STEP_WORDS[step].title}
      <span class="quiet">(${words})</span></a
    >
  </li>`
}

function renderActs(frame: Frame, run: ShownRun, at: StepName | undefined): Markup {
  const before = at === undefined ? undefined : STEP_NAMES[STEP_NAMES.indexOf(at) - 1]
  return html`<div class="acts">
    ${
      before === undefined
        ? ''
        : html`<a class="button second" rel="prev" href="${run.path}/${before}" aria-keyshortcuts="B"
            >Back</a
          >`
    }
    ${isDone(run, at) ? '' : renderNext(frame, run, at)}
    ${run.live === undefined ? '' : renderLiveActs(frame, run, { live: run.live, at })}
    ${isDone(run, at) ? renderNext(frame, run, at) : ''}
  </div>`
}

/** On the overview of a finished run, where only running it again is left. */
function isDone(run: ShownRun, at: StepName | undefined): boolean {
  return at === undefined && run.isOver && run.live !== undefined
}

interface LiveParts {
  readonly live: Run
  readonly at: StepName | undefined
}

function renderLiveActs(frame: Frame, run: ShownRun, { live, at }: LiveParts): Markup {
  const { path } = run
  const done = isDone(run, at)
  const { setup, username, trial, report } = live
  const target = findTarget(setup)
  const fault = report === undefined ? trial?.fault.id : EVERY_FAULT
  const canGoOn =
    listRemainingSteps(live, { whole: true }).length > 0 || (waitsForSignIn(live) && !live.isWhole)
  return html`${
      canGoOn
        ? html`<form method="post" action="${path}/steps">
            ${keyField(frame.formKey)}
            <button type="submit" name="step" value="whole" aria-keyshortcuts="Enter" class="second">
              Run all
            </button>
          </form>`
        : ''
    }
    <form method="post" action="/runs">
      ${keyField(frame.formKey)} <input type="hidden" name="setup" value="${setup.id}" />
      ${username === undefined ? '' : html`<input type="hidden" name="username" value="${username}" />`}
      ${target === undefined ? '' : html`<input type="hidden" name="target" value="${target.id}" />`}
      ${fault === undefined ? '' : html`<input type="hidden" name="fault" value="${fault}" />`}
      <button
        type="submit"
        name="way"
        value="${done ? 'whole' : 'steps'}"
        class="${done ? '' : 'second'}"
        aria-keyshortcuts="R"
      >
        Run again
      </button>
    </form>
    <a class="button second" href="/break/${setup.id}" aria-keyshortcuts="9">Break it</a>
    <a class="button second" href="${path}/trace" download>Save trace</a>`
}

/** Links to the next completed step; otherwise runs the next step. */
function renderNext(frame: Frame, run: ShownRun, at: StepName | undefined): Markup | '' {
  const { live, path, steps } = run
  const after = STEP_NAMES.slice(at === undefined ? 0 : STEP_NAMES.indexOf(at) + 1)
  const canBeDone = (step: StepName) => live !== undefined && findBlocker(live, step) === undefined
  const next = after.find((step) => steps[step] !== undefined || canBeDone(step))
  if (next === undefined || run.report !== undefined) return ''
  const label = `Next: ${STEP_WORDS[next].title}`
  // Steps that need a user's decision are shown before they run.
  const isLookedAt = next === 'cut' || (next === 'sign-in' && live !== undefined && waitsForSignIn(live))
  if (steps[next] !== undefined || isLookedAt)
    return html`<a
      class="button ${isDone(run, at) ? 'second' : ''}"
      rel="next"
      href="${path}/${next}"
      aria-keyshortcuts="N"
      >${label}</a
    >`
  return html`<form method="post" action="${path}/steps">
    ${keyField(frame.formKey)}
    <button type="submit" name="step" value="${next}" aria-keyshortcuts="N">${label}</button>
  </form>`
}
