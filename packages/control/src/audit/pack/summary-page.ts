// The first page that the reader of a pack sees: what it contains, who made it, and how to verify it.
import type { PackManifest } from '@crosswalk/admin-api'
import { type Markup, renderFact, renderPage } from '@crosswalk/as-core/pages'
import { DECISION_CODES, type XaaCode } from '@crosswalk/protocol'
import { html } from 'hono/html'

import type { Counted, EventCounts } from './event-counts.ts'
import { CHECKPOINTS, EVENTS, HASHES, KEYS, MANIFEST } from './pack-files.ts'

export interface Summary {
  readonly counts: EventCounts
  readonly manifest: Omit<PackManifest, 'files'>
  /** Thumbprint of the key of the checkpoints */
  readonly kid: string
  readonly fileName: string
}

const MAX_ROWS = 20

const HEADINGS: Readonly<Record<Counted, string>> = {
  outcome: 'Outcomes',
  type: 'Event types',
  user: 'Users',
  app: 'Requesting apps',
  resourceApp: 'Resource apps',
  code: 'Reasons',
}

const FILES = {
  [EVENTS]: 'The events, one per line, oldest first in each hash chain.',
  [HASHES]: 'Hashes of the events between them, which do not match the filter.',
  [CHECKPOINTS]: 'Signed checkpoints: each seals its chain up to an event.',
  [KEYS]: 'The public key of the checkpoints and of the manifest.',
  [MANIFEST]: 'The signed list of files, with their SHA-256.',
} as const

export function renderSummary({ counts, manifest, kid, fileName }: Summary): Promise<string> {
  const { server, by, time, filter } = manifest
  const filters = Object.entries(filter).map(([name, value]) => `${name}: ${value}`)
  const content = html`
    <h1>Audit evidence</h1>
    <p class="lead">
      <strong>${counts.events.toLocaleString('en')}</strong> ${counts.events === 1 ? 'event' : 'events'} of
      <strong>${server}</strong>
    </p>
    <dl class="detail">
      ${renderFact('Period', counts.first === undefined ? 'No events' : `${counts.first} to ${counts.last}`)}
      ${renderFact('Filter', filters.length === 0 ? 'All events' : filters.join(', '))}
      ${renderFact('Made by', by)} ${renderFact('Made at', time)} ${renderFact('Key', kid)}
    </dl>
    ${[...counts.by].map(([name, all]) => renderCounts(name, all))}
    <section class="more">
      <h2>How to verify</h2>
      <p>This needs Node.js and no access to the server:</p>
      <p><code>npx crosswalk audit verify --pack ${fileName}</code></p>
      <p>
        It fails if an event, a checkpoint or another file was changed, added or removed. To know that the
        pack comes from this server, get the key from its operator, and add <code>--key FILE</code>.
      </p>
    </section>
    <section class="more">
      <h2>Files</h2>
      <ul class="factors">
        ${Object.entries(FILES).map(
          ([name, purpose]) =>
            html`<li>
              <div><code>${name}</code><span class="note">${purpose}</span></div>
            </li>`,
        )}
      </ul>
    </section>
  `
  return renderPage({ status: 200, title: 'Audit evidence', displayName: 'Crosswalk', content, wide: true })
}

function renderCounts(name: Counted, all: readonly (readonly [string, number])[]): Markup {
  if (all.length === 0) return html``
  const rest = all.length - MAX_ROWS
  return html`<section class="more">
    <h2>${HEADINGS[name]}</h2>
    <ul class="factors">
      ${all.slice(0, MAX_ROWS).map(
        ([value, count]) =>
          html`<li>
            <div>${name === 'code' ? describeCode(value) : value}</div>
            <span>${count.toLocaleString('en')}</span>
          </li>`,
      )}
    </ul>
    ${rest > 0 ? html`<p class="note">and ${rest} more</p>` : ''}
  </section>`
}

function describeCode(code: string): string {
  const known = Object.hasOwn(DECISION_CODES, code) ? DECISION_CODES[code as XaaCode] : undefined
  return known === undefined ? code : `${code} ${known.meaning}`
}
