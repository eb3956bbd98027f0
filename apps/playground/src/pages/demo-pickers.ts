// In the demo world: selects the user and the target.
import { html } from 'hono/html'

import { USERS, TARGETS } from '../demo-words.ts'
import { type Setup, findTarget } from '../run.ts'
import type { Markup } from './parts.ts'

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
