// Each combination of colours, in every theme, by the contrast of WCAG 2.2.
import { describe, expect, it } from 'vitest'

import { PALETTES } from './palettes.ts'

function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const share = parseInt(colour.slice(at, at + 2), 16) / 255
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

function contrast(one: string, other: string): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b)
  return (light + 0.05) / (dark + 0.05)
}

const SURFACES = ['surface', 'surface-2', 'surface-3']
/** Text on its background: 4.5 to 1. */
const TEXT: readonly (readonly [string, string])[] = [
  ...SURFACES.flatMap((ground) => [['text', ground] as const, ['text-2', ground] as const]),
  ...['surface', 'surface-2'].map((ground) => ['accent', ground] as const),
  ...['allow', 'deny', 'warn', 'info'].flatMap((tone) => [
    [tone, `${tone}-bg`] as const,
    ['text', `${tone}-bg`] as const,
    [tone, 'surface'] as const,
  ]),
  ['accent-text', 'accent'],
  ['accent-text', 'accent-hover'],
  ['text-2', 'quiet-bg'],
  ['text-2', 'info-bg'],
  ['text', 'quiet-bg'],
  ['surface', 'text'],
]
/** Borders of fields and the focus ring: 3 to 1. */
const SHAPES: readonly (readonly [string, string])[] = [
  ['line-strong', 'surface'],
  ['focus', 'surface'],
  ['focus', 'surface-2'],
]

describe.each(Object.keys(PALETTES) as (keyof typeof PALETTES)[])('theme %s', (theme) => {
  const tokens = new Map<string, string>(Object.entries(PALETTES[theme]))
  const colour = (name: string) => tokens.get(name) ?? `no token ${name}`

  it.each(TEXT)('%s on %s is readable', (ink, ground) => {
    expect(contrast(colour(ink), colour(ground))).toBeGreaterThanOrEqual(4.5)
  })

  it.each(SHAPES)('%s on %s is visible', (shape, ground) => {
    expect(contrast(colour(shape), colour(ground))).toBeGreaterThanOrEqual(3)
  })
})

it('measures contrast as WCAG does', () => {
  expect(contrast('#000000', '#ffffff')).toBeCloseTo(21)
  expect(contrast('#777777', '#ffffff')).toBeLessThan(4.5)
})
