// The layout of the pages that users see. A separate entry point, so that programs without pages load neither fonts nor
// styles.
export { buildFormTargets } from './form-targets.ts'
export { isForeignForm } from './is-foreign-form.ts'
export { buildPageHeaders, type Markup, type Page, PAGE_HEADERS, renderPage } from './layout.ts'
export { renderFact } from './render-fact.ts'
