// The colours of every page, by meaning. Each combination is checked for contrast.

export interface Palette {
  /** Cards and fields, the page behind them, and hovered elements */
  readonly surface: string
  readonly 'surface-2': string
  readonly 'surface-3': string
  readonly line: string
  /** Borders with a meaning, such as those of a field */
  readonly 'line-strong': string
  readonly text: string
  readonly 'text-2': string
  readonly accent: string
  readonly 'accent-hover': string
  readonly 'accent-text': string
  readonly allow: string
  readonly 'allow-bg': string
  readonly 'allow-line': string
  readonly deny: string
  readonly 'deny-bg': string
  readonly 'deny-line': string
  readonly warn: string
  readonly 'warn-bg': string
  readonly info: string
  readonly 'info-bg': string
  readonly 'quiet-bg': string
  readonly focus: string
  readonly shadow: string
}

const light: Palette = {
  surface: '#ffffff',
  'surface-2': '#f6f7fa',
  'surface-3': '#e9ecf2',
  line: '#dde1e8',
  'line-strong': '#78818f',
  text: '#14181f',
  'text-2': '#4a5361',
  accent: '#1d4fd7',
  'accent-hover': '#163fae',
  'accent-text': '#ffffff',
  allow: '#126029',
  'allow-bg': '#e1f4e6',
  'allow-line': '#a9d8b8',
  deny: '#ad2117',
  'deny-bg': '#fdeae8',
  'deny-line': '#efbab5',
  warn: '#7c4400',
  'warn-bg': '#fdf0d9',
  info: '#1a46bf',
  'info-bg': '#e5ecfd',
  'quiet-bg': '#edeff4',
  focus: '#1d4fd7',
  shadow: '0 1px 2px rgb(20 24 31 / 6%), 0 4px 16px rgb(20 24 31 / 5%)',
}

const dark: Palette = {
  surface: '#161a22',
  'surface-2': '#0e1116',
  'surface-3': '#232a37',
  line: '#2a3140',
  'line-strong': '#7f8b9e',
  text: '#eceff4',
  'text-2': '#adb7c6',
  accent: '#84abff',
  'accent-hover': '#a6c3ff',
  'accent-text': '#0a1122',
  allow: '#6fd88d',
  'allow-bg': '#12301c',
  'allow-line': '#2b6446',
  deny: '#ffa099',
  'deny-bg': '#3e1815',
  'deny-line': '#7a342e',
  warn: '#f2b860',
  'warn-bg': '#382807',
  info: '#9abbff',
  'info-bg': '#16264b',
  'quiet-bg': '#252c39',
  focus: '#a6c3ff',
  shadow: '0 1px 2px rgb(0 0 0 / 50%), 0 4px 16px rgb(0 0 0 / 35%)',
}

const contrast: Palette = {
  surface: '#000000',
  'surface-2': '#000000',
  'surface-3': '#1f1f1f',
  line: '#ffffff',
  'line-strong': '#ffffff',
  text: '#ffffff',
  'text-2': '#ffffff',
  accent: '#ffe14d',
  'accent-hover': '#fff0a3',
  'accent-text': '#000000',
  allow: '#7dffa5',
  'allow-bg': '#000000',
  'allow-line': '#7dffa5',
  deny: '#ffb3ad',
  'deny-bg': '#000000',
  'deny-line': '#ffb3ad',
  warn: '#ffd37a',
  'warn-bg': '#000000',
  info: '#b9d0ff',
  'info-bg': '#000000',
  'quiet-bg': '#000000',
  focus: '#ffe14d',
  shadow: '0 0 0 1px #ffffff',
}

/** Higher contrast on a light background, for pages that follow the system */
const contrastLight: Palette = {
  surface: '#ffffff',
  'surface-2': '#ffffff',
  'surface-3': '#e6e6e6',
  line: '#000000',
  'line-strong': '#000000',
  text: '#000000',
  'text-2': '#24292f',
  accent: '#0a2a9c',
  'accent-hover': '#061c6b',
  'accent-text': '#ffffff',
  allow: '#00401f',
  'allow-bg': '#ffffff',
  'allow-line': '#00401f',
  deny: '#7d0016',
  'deny-bg': '#ffffff',
  'deny-line': '#7d0016',
  warn: '#4a3200',
  'warn-bg': '#ffffff',
  info: '#0a2a9c',
  'info-bg': '#ffffff',
  'quiet-bg': '#ffffff',
  focus: '#000000',
  shadow: '0 0 0 1px #000000',
}

export const PALETTES = { light, dark, contrast, contrastLight } as const
