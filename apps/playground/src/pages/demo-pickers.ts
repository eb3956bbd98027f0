// In the demo world: selects the user and the target.
import { html } from 'hono/html'

import { type Setup, findTarget } from '../run.ts'
import type { Markup } from './parts.ts'

/** The users and targets of the demo world, and what to expect of each. */
const USERS: Readonly<Record<string, string>> = {
  alice: 'engineering; can use everything',
  bob: 'sales; Agent0 cannot reach Todo0 for him',
  carol: 'engineering; has no account at Todo0 before her first visit',
  dave: 'deactivated; cannot sign in',
}

const TARGETS: Readonly<Record<string, string>> = {
  todo0: 'the app may read and write',
  notes0: 'the app requests to read and write; the company allows reading',
}

export function renderPickers(setup: Setup): Markup | '' {
  const { demo, user } = setup.settings
  if (demo === undefined) return ''
  const users = demo.users.map(({ username }) => username).filter((name) => USERS[name] !== undefined)
  return html`${renderPicker({
    legend: 'Who signs in',
    field: 'username',
    words: USERS,
    names: users,
    chosen: user?.username,
  })}
  ${renderPicker({
    legend: 'Target',
    field: 'target',
    words: TARGETS,
    names: demo.targets.map(({ id }) => id),
    chosen: findTarget(setup)?.id,
  })}`
}

interface Picker {
  readonly legend: string
  readonly field: string
  readonly words: Readonly<Record<string, string>>
  readonly names: readonly string[]
  readonly chosen: string | undefined
}

function renderPicker({ legend, field, words, names, chosen }: Picker): Markup {
  return html`<fieldset>
    <legend>${legend}</legend>
    ${names.map(
      (name) =>
        html`<label class="choice"
          ><input type="radio" name="${field}" value="${name}" ${name === chosen ? html`checked` : ''} />
          <span><strong>${name}</strong> <span class="quiet">${words[name] ?? ''}</span></span></label
        >`,
    )}
  </fieldset>`
}
