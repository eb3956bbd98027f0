// What every page of a run has: where it is, its steps as a list, and what can be done next.
import { html } from 'hono/html'

import { EVERY_FAULT, findObstacle, findTarget, listAhead, type Run, waitsForSignIn } from '../run.ts'
import { STEP_NAMES, type StepName } from '../step-record.ts'
import { type Frame, keyField, type Markup } from './page.ts'
import { describeStep } from './run-words.ts'
import { STEP_WORDS } from './step-words.ts'

export interface RunFrameParts {
  readonly run: Run
  /** Undefined on the page about the run as a whole */
  readonly at: StepName | undefined
  readonly content: Markup
}

export function renderRunFrame(frame: Frame, { run, at, content }: RunFrameParts): Markup {
  return html`<p><a href="/">Playground</a> · <a href="/runs/${run.number}">Run ${run.number}</a></p>
    ${renderActs(frame, run, at)}
    <div class="split">
      <nav aria-label="Steps">
        <ol class="steps" role="list" start="0">
          ${STEP_NAMES.map((step, index) => renderStep(run, step, { index, isHere: step === at }))}
        </ol>
      </nav>
      <div>${content}</div>
    </div>`
}

function renderStep(
  run: Run,
  step: StepName,
  { index, isHere }: { readonly index: number; readonly isHere: boolean },
): Markup {
  const { sign, words } = describeStep(run, step)
  return html`<li>
    <a
      href="/runs/${run.number}/${step}"
      aria-keyshortcuts="${index}"
      ${isHere ? html`aria-current="step"` : ''}
      ><span aria-hidden="true">${sign}</span> ${index} ${STEP_WORDS[step].title}
      <span class="quiet">(${words})</span></a
    >
  </li>`
}

function renderActs(frame: Frame, run: Run, at: StepName | undefined): Markup {
  const { number, crossing, username, trial, report } = run
  const target = findTarget(crossing)
  const fault = report === undefined ? trial?.fault.id : EVERY_FAULT
  const before = at === undefined ? undefined : STEP_NAMES[STEP_NAMES.indexOf(at) - 1]
  const canGoOn = listAhead(run, { whole: true }).length > 0 || (waitsForSignIn(run) && !run.isWhole)
  return html`<div class="acts">
    ${
      before === undefined
        ? ''
        : html`<a class="button second" rel="prev" href="/runs/${number}/${before}" aria-keyshortcuts="B"
            >Back</a
          >`
    }
    ${renderNext(frame, run, at)}
    ${
      canGoOn
        ? html`<form method="post" action="/runs/${number}/steps">
            ${keyField(frame.formKey)}
            <button type="submit" name="step" value="whole" aria-keyshortcuts="Enter" class="second">
              Run all
            </button>
          </form>`
        : ''
    }
    <form method="post" action="/runs">
      ${keyField(frame.formKey)} <input type="hidden" name="crossing" value="${crossing.id}" />
      ${username === undefined ? '' : html`<input type="hidden" name="username" value="${username}" />`}
      ${target === undefined ? '' : html`<input type="hidden" name="target" value="${target.id}" />`}
      ${fault === undefined ? '' : html`<input type="hidden" name="fault" value="${fault}" />`}
      <button type="submit" name="way" value="steps" class="second" aria-keyshortcuts="R">
        ${fault === undefined ? 'Run anew' : 'Run it again'}
      </button>
    </form>
    <a class="button second" href="/break/${crossing.id}" aria-keyshortcuts="9">Break it</a>
  </div>`
}

/** To the next step that was done; where there is none, does the next one. */
function renderNext(frame: Frame, run: Run, at: StepName | undefined): Markup | '' {
  const after = STEP_NAMES.slice(at === undefined ? 0 : STEP_NAMES.indexOf(at) + 1)
  const next = after.find((step) => run.steps[step] !== undefined || findObstacle(run, step) === undefined)
  if (next === undefined || run.report !== undefined) return ''
  const label = `Next: ${STEP_WORDS[next].title}`
  // What needs a decision of a person is looked at before it is done.
  const isLookedAt = next === 'cut' || (next === 'sign-in' && waitsForSignIn(run))
  if (run.steps[next] !== undefined || isLookedAt)
    return html`<a class="button" rel="next" href="/runs/${run.number}/${next}" aria-keyshortcuts="N"
      >${label}</a
    >`
  return html`<form method="post" action="/runs/${run.number}/steps">
    ${keyField(frame.formKey)}
    <button type="submit" name="step" value="${next}" aria-keyshortcuts="N">${label}</button>
  </form>`
}
