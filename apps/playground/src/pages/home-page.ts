// The home page of the playground: run the demo or your own servers, and previous runs.
import { html } from 'hono/html'

import type { Setup, SetupId, Run } from '../run.ts'
import { listParties, type OpenedTrace, showRun, showTrace } from '../shown-run.ts'
import { renderPickers } from './demo-pickers.ts'
import { type Frame, keyField, renderPage } from './page.ts'
import { type Markup, renderFacts } from './parts.ts'
import { describeEnd, nameRun } from './run-words.ts'

export interface HomeParts {
  readonly setups: Readonly<Partial<Record<SetupId, Setup>>>
  readonly runs: readonly Run[]
  readonly traces: readonly OpenedTrace[]
}

export function renderHome(frame: Frame, { setups, runs, traces }: HomeParts): Promise<string> {
  return renderPage(frame, {
    title: 'The crossing, leg by leg',
    content: html`
      <h1>The crossing, leg by leg</h1>
      <p class="quiet">
        Real requests with real tokens. The tokens stay in the process that serves this page; you see their
        contents.
      </p>
      <div class="cards">${renderWatch(frame, setups.given)} ${renderOwn(frame, setups.own)}</div>
      ${runs.length === 0 ? '' : renderRuns(runs)} ${renderTraces(frame, traces)}
      <section>
        <h2>Token lens</h2>
        <p class="quiet">
          Paste any token to read its claims and see what looks wrong. The page itself decodes it; nothing is
          sent.
        </p>
        <p><a class="button second" href="/lens">Open the token lens</a></p>
      </section>
    `,
  })
}

function renderWatch(frame: Frame, given: Setup | undefined): Markup {
  return html`<section>
    <h2>Watch it</h2>
    ${
      given === undefined
        ? html`<p>The demo world has every party of the flow. Start it, then this page:</p>
            <pre><code>npx crosswalk demo
npx crosswalk playground --demo alice</code></pre>`
        : html`<p class="quiet">
              ${
                given.settings.demo === undefined
                  ? 'The servers given on the command line.'
                  : 'The demo world on this machine: a company, an agent, and the vendor of two apps.'
              }
            </p>
            ${renderSetup(frame, given)}`
    }
  </section>`
}

function renderOwn(frame: Frame, own: Setup | undefined): Markup {
  return html`<section>
    <h2>Bring mine</h2>
    <p class="quiet">
      Use your own identity provider, authorization server or API: Okta, Auth0, Keycloak, or any other that
      supports ID-JAG.
    </p>
    ${own === undefined ? '' : renderSetup(frame, own)}
    <div class="acts">
      <a class="button ${own === undefined ? '' : 'second'}" href="/bring"
        >${own === undefined ? 'Bring mine' : 'Bring other servers'}</a
      >
      ${
        own === undefined
          ? ''
          : html`<form method="post" action="/bring/forget">
              ${keyField(frame.formKey)}
              <button type="submit" class="second">Forget servers and secrets</button>
            </form>`
      }
    </div>
  </section>`
}

function renderSetup(frame: Frame, setup: Setup): Markup {
  return html`<form method="post" action="/runs">
      ${keyField(frame.formKey)} <input type="hidden" name="setup" value="${setup.id}" />
      ${renderPickers(setup)}
      <div class="acts">
        <button
          type="submit"
          name="way"
          value="whole"
          ${setup.id === 'given' ? html`aria-keyshortcuts="Enter"` : ''}
        >
          Run the flow
        </button>
        <button type="submit" class="second" name="way" value="steps">Step by step</button>
        <a class="button second" href="/break/${setup.id}">Break it</a>
      </div>
    </form>
    <details>
      <summary>Who takes part</summary>
      ${renderFacts(listParties(setup))}
    </details>`
}

function renderRuns(runs: readonly Run[]): Markup {
  return html`<section>
    <h2>Runs so far</h2>
    <ul>
      ${runs
        .map(showRun)
        .map(
          (run) =>
            html`<li>
              <a href="${run.path}">${nameRun(run)}</a> <span class="quiet">(${describeEnd(run)})</span>
            </li>`,
        )}
    </ul>
  </section>`
}

function renderTraces({ formKey }: Frame, traces: readonly OpenedTrace[]): Markup {
  return html`<section>
    <h2>Traces</h2>
    <p class="quiet" id="trace-hint">
      “Save trace” on a run saves it as a file that you can share: tokens, secrets and e-mail addresses are
      removed, but names and user IDs stay. Open it here to see the run again. Nothing is sent.
    </p>
    <form method="post" action="/traces" enctype="multipart/form-data" class="acts">
      ${keyField(formKey)}
      <label for="trace">Trace</label>
      <input
        id="trace"
        type="file"
        name="trace"
        accept=".json,application/json"
        required
        aria-describedby="trace-hint"
      />
      <button type="submit" class="second">Open a trace</button>
    </form>
    <ul>
      ${traces.map(
        (trace) =>
          html`<li class="row">
            <div>
              <a href="${showTrace(trace).path}">${nameRun(trace.story)}</a>
              <span class="quiet">(${describeEnd(trace.story)}; ${trace.fileName})</span>
            </div>
            <form method="post" action="${showTrace(trace).path}/close">
              ${keyField(formKey)}
              <button type="submit" class="second" aria-label="Close ${trace.fileName}">Close</button>
            </form>
          </li>`,
      )}
    </ul>
  </section>`
}
