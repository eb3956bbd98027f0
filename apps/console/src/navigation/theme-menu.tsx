// The theme menu.
import { ActionIcon, Menu } from '@mantine/core'
import { IconCheck, IconContrast2, IconDeviceDesktop, IconMoon, IconSun } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'

import { text } from '../texts/text.ts'
import { setPreferences, usePreferences, useTheme } from '../theme/theme-store.ts'
import { smallIcon } from '../components/small-icon.tsx'

const ICONS = { system: IconDeviceDesktop, light: IconSun, dark: IconMoon, contrast: IconContrast2 } as const

export function ThemeMenu() {
  const { theme: chosen } = usePreferences()
  const shown = useTheme()
  const Shown = ICONS[shown]
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon color="gray" aria-label={text('theme.label')}>
          <Shown size={20} aria-hidden="true" />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {(['system', 'light', 'dark', 'contrast'] as const).map((theme) => {
          const Icon = ICONS[theme]
          return (
            <Menu.Item
              key={theme}
              role="menuitemradio"
              aria-checked={chosen === theme}
              leftSection={smallIcon(Icon)}
              rightSection={chosen === theme ? smallIcon(IconCheck) : null}
              onClick={() => setPreferences({ theme })}
            >
              {text(`theme.${theme}`)}
            </Menu.Item>
          )
        })}
        <Menu.Divider />
        <Menu.Item component={Link} to="/settings/appearance">
          {text('nav.appearance')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
