// Appearance and keyboard shortcuts of this user in this browser.
import { Stack, Switch } from '@mantine/core'

import { PageHeader } from '../../components/page-header.tsx'
import { text } from '../../texts/text.ts'
import { DENSITIES, setPreferences, usePreferences, THEMES } from '../../theme/theme-store.ts'
import { choicesOf } from '../../components/choices.ts'
import { RadioField } from '../../components/fields.tsx'

export function Page() {
  const { theme, density, shortcuts } = usePreferences()
  return (
    <>
      <PageHeader title={text('nav.appearance')} lead={text('appearance.lead')} />
      <Stack gap="xl" className="cw-form">
        <RadioField
          label={text('theme.label')}
          choices={choicesOf(['system', ...THEMES], (one) => text(`theme.${one}`))}
          value={theme}
          change={(value) => setPreferences({ theme: value })}
        />
        <RadioField
          label={text('appearance.density')}
          choices={choicesOf(DENSITIES, (one) => text(`appearance.${one}`))}
          value={density}
          change={(value) => setPreferences({ density: value })}
        />
        <Switch
          label={text('appearance.shortcuts')}
          description={text('appearance.shortcutsHelp')}
          checked={shortcuts}
          onChange={({ currentTarget }) => setPreferences({ shortcuts: currentTarget.checked })}
        />
      </Stack>
    </>
  )
}
