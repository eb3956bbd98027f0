export { findFont, FONT_PATHS, type Font, FONTS, renderFontFaces } from './fonts.ts'
export { type Palette, PALETTES } from './palettes.ts'
export { renderSchemes, renderThemes } from './sheet.ts'
