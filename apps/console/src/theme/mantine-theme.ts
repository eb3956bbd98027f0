// Maps the component library's variables to our semantic colour tokens, so that each theme is defined once.
import { createTheme, type CSSVariablesResolver, type VariantColorsResolver } from '@mantine/core'

import { text } from '../texts/text.ts'

/** Meaning of the components' `color` values. */
const TONES: Readonly<Record<string, string>> = {
  red: 'deny',
  green: 'allow',
  yellow: 'warn',
  gray: 'text-2',
}

const resolveVariant: VariantColorsResolver = ({ color, variant }) => {
  const tone = TONES[color ?? '']
  const ink = `var(--${tone ?? 'accent'})`
  const none = '1px solid transparent'
  switch (variant) {
    case 'filled':
      return tone === undefined
        ? {
            background: ink,
            hover: 'var(--accent-hover)',
            color: 'var(--accent-text)',
            border: none,
            hoverColor: 'var(--accent-text)',
          }
        : { background: ink, hover: ink, color: 'var(--surface)', border: none, hoverColor: 'var(--surface)' }
    case 'light':
      return {
        background: tone === undefined || tone === 'text-2' ? 'var(--quiet-bg)' : `var(--${tone}-bg)`,
        hover: 'var(--surface-3)',
        color: ink,
        border: none,
      }
    case 'subtle':
    case 'transparent':
      return { background: 'transparent', hover: 'var(--surface-3)', color: ink, border: none }
    default:
      return {
        background: 'var(--surface)',
        hover: 'var(--surface-3)',
        color: tone === undefined ? 'var(--text)' : ink,
        border: '1px solid var(--line-strong)',
      }
  }
}

const CLOSE = { 'aria-label': text('help.close') }
const SHOW_PASSWORD = { 'aria-label': text('field.showPassword') }

export const mantineTheme = createTheme({
  fontFamily: 'var(--font-text)',
  fontFamilyMonospace: 'var(--font-code)',
  defaultRadius: 'md',
  focusRing: 'auto',
  respectReducedMotion: true,
  variantColorResolver: resolveVariant,
  headings: { fontWeight: '650' },
  components: {
    Button: { defaultProps: { variant: 'default', size: 'sm' } },
    ActionIcon: { defaultProps: { variant: 'subtle', size: 'lg' } },
    Drawer: { defaultProps: { position: 'right', size: '46rem', closeButtonProps: CLOSE } },
    Modal: { defaultProps: { closeButtonProps: CLOSE } },
    PasswordInput: {
      defaultProps: { visibilityToggleButtonProps: SHOW_PASSWORD, visibilityToggleFocusable: true },
    },
    TagsInput: { defaultProps: { splitChars: [' ', ',', '\n'] } },
    Tooltip: { defaultProps: { openDelay: 300, events: { hover: true, focus: true, touch: true } } },
  },
})

const VARIABLES = {
  '--mantine-color-body': 'var(--surface)',
  '--mantine-color-text': 'var(--text)',
  '--mantine-color-dimmed': 'var(--text-2)',
  '--mantine-color-placeholder': 'var(--text-2)',
  '--mantine-color-anchor': 'var(--accent)',
  '--mantine-color-error': 'var(--deny)',
  '--mantine-color-default': 'var(--surface)',
  '--mantine-color-default-hover': 'var(--surface-3)',
  '--mantine-color-default-color': 'var(--text)',
  '--mantine-color-default-border': 'var(--line-strong)',
  '--mantine-color-disabled': 'var(--surface-3)',
  '--mantine-color-disabled-color': 'var(--text-2)',
  '--mantine-color-disabled-border': 'var(--line)',
  '--mantine-color-blue-filled': 'var(--accent)',
  '--mantine-color-green-filled': 'var(--allow)',
  '--mantine-color-red-6': 'var(--deny)',
  '--mantine-color-red-filled': 'var(--deny)',
  '--mantine-color-yellow-filled': 'var(--warn)',
  '--mantine-primary-color-filled': 'var(--accent)',
  '--mantine-primary-color-filled-hover': 'var(--accent-hover)',
  '--mantine-primary-color-contrast': 'var(--accent-text)',
  '--mantine-primary-color-light': 'var(--info-bg)',
  '--mantine-primary-color-light-hover': 'var(--surface-3)',
  '--mantine-primary-color-light-color': 'var(--info)',
}

export const resolveVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: VARIABLES,
  dark: VARIABLES,
})
