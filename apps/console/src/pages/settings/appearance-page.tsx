// Appearance and keyboard shortcuts of this user in this browser.
import { Radio, Stack, Switch } from '@mantine/core'

import { PageHeader } from '../../components/page-header.tsx'
import { text } from '../../texts/text.ts'
import { DENSITIES, setPreferences, usePreferences } from '../../theme/theme-store.ts'

export function Page() {
  const { theme, density, shortcuts } = usePreferences()
  return (
    <>
      <PageHeader title={text('nav.appearance')} lead={text('appearance.lead')} />
      <Stack gap="xl" className="cw-form">
        <Radio.Group
          label={text('appearance.theme')}
          value={theme}
          onChange={(value) => setPreferences({ theme: value as typeof theme })}
        >
          <Stack gap="xs" mt="xs">
            {(['system', 'light', 'dark', 'contrast'] as const).map((one) => (
              <Radio key={one} value={one} label={text(`theme.${one}`)} />
            ))}
          </Stack>
        </Radio.Group>
        <Radio.Group
          label={text('appearance.density')}
          value={density}
          onChange={(value) => setPreferences({ density: value as typeof density })}
        >
          <Stack gap="xs" mt="xs">
            {DENSITIES.map((one) => (
              <Radio key={one} value={one} label={text(`appearance.${one}`)} />
            ))}
          </Stack>
        </Radio.Group>
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
