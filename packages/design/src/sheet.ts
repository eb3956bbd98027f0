// Colours, sizes and spacing as custom properties: as themes that a page chooses, and following the system.
import { type Palette, PALETTES } from './palettes.ts'

/** The same in every theme. Six type sizes, eight spacings, three corner radii. */
const SCALE: Readonly<Record<string, string>> = {
  'font-text': "'Geist', system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', sans-serif",
  'font-code': "'Geist Mono', ui-monospace, 'SF Mono', Menlo, Consolas, 'Liberation Mono', monospace",
  'size-1': '0.75rem',
  'size-2': '0.8125rem',
  'size-3': '0.875rem',
  'size-4': '0.9375rem',
  'size-5': '1.0625rem',
  'size-6': '1.5rem',
  'space-1': '0.25rem',
  'space-2': '0.5rem',
  'space-3': '0.75rem',
  'space-4': '1rem',
  'space-5': '1.25rem',
  'space-6': '1.5rem',
  'space-7': '2rem',
  'space-8': '3rem',
  'radius-1': '6px',
  'radius-2': '8px',
  'radius-3': '12px',
}

/** For the console, where the user chooses the theme. */
export function renderThemes(): string {
  const themes = (['light', 'dark', 'contrast'] as const).map((name) =>
    renderRule(`:root[data-theme='${name}']`, PALETTES[name]),
  )
  return [renderRule(':root', SCALE), ...themes].join('\n')
}

/** For pages that follow the system's colour scheme and contrast. */
export function renderSchemes(): string {
  const { light, dark, contrast, contrastLight } = PALETTES
  const when = (query: string, palette: Palette) => `@media ${query} {\n${renderRule(':root', palette)}\n}`
  return [
    ':root { color-scheme: light dark; }',
    renderRule(':root', SCALE),
    renderRule(':root', light),
    when('(prefers-color-scheme: dark)', dark),
    when('(prefers-contrast: more)', contrastLight),
    when('(prefers-contrast: more) and (prefers-color-scheme: dark)', contrast),
  ].join('\n')
}

function renderRule(selector: string, values: object): string {
  const lines = Object.entries(values).map(([name, value]) => `  --${name}: ${String(value)};`)
  return [`${selector} {`, ...lines, '}'].join('\n')
}
