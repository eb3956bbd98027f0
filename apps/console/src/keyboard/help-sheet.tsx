// Lists the shortcuts of the page, with a switch for single-key shortcuts.
import { Modal, Switch } from '@mantine/core'

import { text } from '../texts/text.ts'
import { setPreferences, usePreferences } from '../theme/theme-store.ts'
import { PALETTE_KEYS, useShortcuts } from './shortcuts.tsx'
import type { DialogProps } from '../hooks/use-dialog.ts'

export function HelpSheet({ opened, close }: DialogProps) {
  const shortcuts = useShortcuts()
  const { shortcuts: on } = usePreferences()
  // If several have the same keys, the last one applies.
  const acting = new Map(shortcuts.map((shortcut) => [shortcut.keys, shortcut]))
  const groups = Map.groupBy(acting.values(), ({ group }) => group)
  return (
    <Modal opened={opened} onClose={close} title={text('word.keyboardShortcuts')} size="lg">
      <p>{text('help.text')}</p>
      <Switch
        label={text('appearance.shortcuts')}
        checked={on}
        onChange={({ currentTarget }) => setPreferences({ shortcuts: currentTarget.checked })}
      />
      <div className="cw-help-groups">
        {[...groups].map(([group, entries]) => (
          <section key={group}>
            <h3 className="cw-small-heading">{group}</h3>
            <dl className="cw-help-keys">
              {entries.map(({ keys, label }) => (
                <div key={keys}>
                  <dt>{label}</dt>
                  <dd>
                    <Keys keys={keys} />
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
        <section>
          <h3 className="cw-small-heading">{text('help.group.everywhere')}</h3>
          <dl className="cw-help-keys">
            <div>
              <dt>{text('palette.title')}</dt>
              <dd>
                <Keys keys={PALETTE_KEYS.join(' ')} />
              </dd>
            </div>
          </dl>
        </section>
      </div>
    </Modal>
  )
}

function Keys({ keys }: { readonly keys: string }) {
  return keys.split(' ').map((key) => (
    <kbd key={key} className="cw-key">
      {key.length === 1 ? key.toUpperCase() : key}
    </kbd>
  ))
}
