// The frame of the pages that users see at a server, apart from the rest: programs without pages load neither fonts nor styles.
export { buildFormTargets } from './form-targets.ts'
export { isForeignForm } from './is-foreign-form.ts'
export { buildPageHeaders, type Markup, type Page, PAGE_HEADERS, renderPage } from './layout.ts'
