// The pages of Agent0: the welcome page, the conversation with its panel, and problems.
import type { Markup } from '@crosswalk/demo-kit'
import { html } from 'hono/html'

import { type Answer, EXAMPLES } from './answer.ts'
import type { Chat, Turn } from './chat.ts'
import { BUTTONS, describeFault } from './break-it/buttons.ts'
import { renderPanel } from './panel.ts'
import type { Refusal } from './refusal.ts'

export function renderWelcome(): Markup {
  return html`<div class="card narrow">
    <h1>An agent that works in your other apps</h1>
    <p>
      Agent0 reaches Todo0 and Notes0 for you. Your company decides what it may do there, so you are never
      asked to consent, and you never give it a password.
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

/** @param modelTitle - the model that answers; absent if the planner does */
export function renderChat(chat: Chat, modelTitle?: string): Markup {
  return html`<div class="desk">
    <section class="talk" aria-label="Conversation">
      <h1 class="hidden">Chat with Agent0</h1>
      <div role="log" class="log" tabindex="0" aria-label="Messages">
        <ol class="turns">
          <li class="said">
            <p>
              Hello ${chat.signedIn.user.name.split(' ')[0]}. I manage your todos in Todo0 and read your notes
              in Notes0.
              ${
                modelTitle === undefined
                  ? 'I follow fixed rules, without a language model.'
                  : `My answers come from ${modelTitle}.`
              }
            </p>
          </li>
          ${chat.turns.map(renderTurn)}
        </ol>
      </div>
      <div class="composer">${renderForms(chat.formToken)}</div>
    </section>
    <div class="side" role="region" aria-label="Behind the answer" tabindex="0">
      <aside class="card wire" aria-labelledby="wire">${renderPanel(chat)}</aside>
      ${renderBreakForm(chat.formToken)}
    </div>
  </div>`
}

/** Plain HTML forms: the chat works without JavaScript. */
function renderForms(formToken: string): Markup {
  return html`<form method="post" action="/chat" class="examples" aria-label="Examples">
      <input type="hidden" name="csrf" value="${formToken}" />
      ${EXAMPLES.map(
        (example) =>
          html`<button class="second small" name="sentence" value="${example}">${example}</button>`,
      )}
    </form>
    <form method="post" action="/chat" class="ask">
      <input type="hidden" name="csrf" value="${formToken}" />
      <label for="sentence" class="hidden">Your message</label>
      <div class="entry">
        <input
          type="text"
          id="sentence"
          name="sentence"
          maxlength="500"
          autocomplete="off"
          autofocus
          required
          placeholder="Ask about your todos or notes"
        />
        <button>Send</button>
      </div>
    </form>`
}

/** One button per fault, described by the text next to it. */
function renderBreakForm(formToken: string): Markup {
  return html`<details class="break card">
    <summary>Break it on purpose</summary>
    <p class="quiet">
      Each button makes one mistake with your tokens and Agent0's keys. The panel shows which server denied
      it, and why.
    </p>
    <form method="post" action="/break">
      <input type="hidden" name="csrf" value="${formToken}" />
      <ul>
        ${BUTTONS.map(
          ({ id, title, fault }) =>
            html`<li>
              <button class="second small" name="fault" value="${id}" aria-describedby="fault-${id}">
                ${title}
              </button>
              <span class="quiet" id="fault-${id}">${describeFault(fault)}</span>
            </li>`,
        )}
      </ul>
    </form>
  </details>`
}

export function renderTurn({ sentence, answer }: Turn): Markup {
  return html`<li class="asked">
      <p><span class="hidden">You: </span>${sentence}</p>
    </li>
    <li class="said ${answer.kind === 'refused' ? 'no' : ''}">
      <p class="text"><span class="hidden">Agent0: </span>${answer.text}</p>
      ${renderItems(answer)} ${renderTools(answer)} ${renderReference(answer)}
    </li>
    ${(answer.refusals ?? []).map(renderRefusal)}`
}

function renderTools({ tools = [] }: Answer): Markup | '' {
  if (tools.length === 0) return ''
  return html`<p class="reference">
    Tools called: ${tools.map(({ name, failed }) => html`<code>${name}</code>${failed ? ' (failed) ' : ' '}`)}
  </p>`
}

/** Shown by Agent0 itself, in words that the model cannot change. */
function renderRefusal(refusal: Refusal): Markup {
  return html`<li class="said no">
    <p>${refusal.text}</p>
    ${renderReference(refusal)}
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

function renderReference(refusal: Refusal): Markup | '' {
  const { code, decisionId, askUrl, signInAgain, signInParameters = {} } = refusal
  if (code === undefined) return ''
  return html`<p class="reference">
      ${decisionId === undefined ? '' : html`Decision <code>${decisionId}</code><br />`}
      ${decisionId === undefined ? html`Code <code>${code}</code>` : 'Your administrator can look it up.'}
    </p>
    ${askUrl === undefined ? '' : html`<p><a class="button small" href="${askUrl}">Request access</a></p>`}
    ${signInAgain === true ? html`<p><a class="button small" href="${buildSignInLink(signInParameters)}">Sign in again</a></p>` : ''}`
}

function buildSignInLink(parameters: Readonly<Record<string, string>>): string {
  const query = new URLSearchParams(parameters)
  return query.size === 0 ? '/signin' : `/signin?${query}`
}
