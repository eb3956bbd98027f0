// The pages of Agent0: signed out, the conversation with the panel of legs beside it, and problems.
import type { LegEvent } from '@crosswalk/client'
import type { Markup } from '@crosswalk/demo-kit'
import { html } from 'hono/html'

import { type Answer, EXAMPLES } from './answer.ts'
import type { Chat, Turn } from './chat.ts'
import { describeLeg, isGood } from './legs.ts'

export function renderWelcome(): Markup {
  return html`<div class="card narrow">
    <h1>An agent that works in your other apps</h1>
    <p>
      Agent0 reaches Todo0 and Notes0 for you. Your company decides what it may do there, so you are never
      asked to consent, and you never hand it a password.
    </p>
    <p><a class="button" href="/signin">Sign in with acme</a></p>
  </div>`
}

export function renderProblem(text: string): Markup {
  return html`<div class="card narrow">
    <h1>You are not signed in</h1>
    <p class="alert" role="alert">${text}</p>
    <p><a class="button" href="/signin">Try again</a> <a class="button second" href="/">Back</a></p>
  </div>`
}

export function renderChat(chat: Chat): Markup {
  const last = chat.turns.at(-1)
  return html`<div class="desk">
    <section class="talk" aria-label="Conversation">
      <h1 class="hidden">Chat with Agent0</h1>
      <ol class="turns" role="log">
        <li class="said">
          <p>
            Hello ${chat.signedIn.person.name.split(' ')[0]}. I look after your todos in Todo0 and read your
            notes in Notes0.
          </p>
        </li>
        ${chat.turns.map(renderTurn)}
      </ol>
      ${renderForms(chat.formToken)}
    </section>
    <aside class="card wire" aria-labelledby="wire" tabindex="0">
      <h2 id="wire">On the wire</h2>
      ${last === undefined ? renderNoLegs() : renderLegs(last)}
    </aside>
  </div>`
}

/** Plain forms: the chat works without JavaScript. */
function renderForms(formToken: string): Markup {
  return html`<form method="post" action="/chat" class="ask">
      <input type="hidden" name="csrf" value="${formToken}" />
      <label for="sentence">Your message</label>
      <div class="entry">
        <input
          type="text"
          id="sentence"
          name="sentence"
          maxlength="500"
          autocomplete="off"
          autofocus
          required
          placeholder="list my todos"
        />
        <button>Send</button>
      </div>
    </form>
    <form method="post" action="/chat" class="examples" aria-label="Examples">
      <input type="hidden" name="csrf" value="${formToken}" />
      ${EXAMPLES.map(
        (example) =>
          html`<button class="second small" name="sentence" value="${example}">${example}</button>`,
      )}
    </form>`
}

function renderTurn({ sentence, answer }: Turn): Markup {
  return html`<li class="asked">
      <p><span class="hidden">You: </span>${sentence}</p>
    </li>
    <li class="said ${answer.kind === 'refused' ? 'no' : ''}">
      <p><span class="hidden">Agent0: </span>${answer.text}</p>
      ${renderItems(answer)} ${renderReference(answer)}
    </li>`
}

function renderItems({ items }: Answer): Markup | '' {
  if (items === undefined) return ''
  return html`<ol class="items">
    ${items.map(({ text, done }) =>
      done === true ? html`<li><s>${text}</s> <span class="quiet">done</span></li>` : html`<li>${text}</li>`,
    )}
  </ol>`
}

function renderReference({ code, decisionId, signInAgain }: Answer): Markup | '' {
  if (code === undefined) return ''
  return html`<p class="reference">
      ${decisionId === undefined ? '' : html`Decision <code>${decisionId}</code><br />`}
      ${decisionId === undefined ? html`Code <code>${code}</code>` : 'Your administrator can look it up.'}
    </p>
    ${signInAgain === true ? html`<p><a class="button small" href="/signin">Sign in again</a></p>` : ''}`
}

function renderNoLegs(): Markup {
  return html`<p class="quiet">
    Ask something, and each request that Agent0 makes for you shows here: what it asked of your company, what
    of the vendor, and what they decided.
  </p>`
}

function renderLegs({ sentence, legs }: Turn): Markup {
  if (legs.length === 0) return html`<p class="quiet">“${sentence}” needed no request.</p>`
  return html`<p class="quiet">${legs.length} request${legs.length === 1 ? '' : 's'} for “${sentence}”</p>
    <ol class="legs">
      ${legs.map(renderLeg)}
    </ol>`
}

function renderLeg(leg: LegEvent): Markup {
  const { status, error, code, decisionId, scope, claims, ms, method, url } = leg
  const { host, pathname } = new URL(url)
  const facts: readonly (readonly [string, string | undefined])[] = [
    ['error', error],
    ['code', code],
    ['scope', scope],
    ['decision', decisionId],
  ]
  return html`<li class="${leg.leg}">
    <p class="line">
      <span class="status ${isGood(leg) ? 'good' : 'bad'}">${status ?? 'no answer'}</span> ${describeLeg(leg)}
    </p>
    <p class="address">
      <code>${method} ${host}${pathname}</code> <span class="quiet">${Math.round(ms)} ms</span>
    </p>
    ${facts.map(([name, value]) =>
      value === undefined
        ? ''
        : html`<p class="fact"><span class="quiet">${name}</span> <code>${value}</code></p>`,
    )}
    ${
      claims === undefined
        ? ''
        : html`<details>
            <summary>Claims of the ${leg.leg === 'exchange' ? 'ID-JAG' : 'access token'}</summary>
            <pre tabindex="0">${JSON.stringify(claims, null, 2)}</pre>
          </details>`
    }
  </li>`
}
