// The only script of the playground. Every page works without it.

/**
 * Clicks the element with the pressed shortcut. Then sets the status again, because screen readers do not announce
 * initial
 * content. `data-keys` turns the shortcuts off for users whose own shortcuts would conflict (WCAG 2.1.4).
 */
export const SCRIPT = `
addEventListener('keydown', (event) => {
  const { key, target } = event
  if (event.ctrlKey || event.metaKey || event.altKey || document.documentElement.dataset.keys !== 'on') return
  if (target.closest('input:not([type=radio]), select, textarea')) return
  if (key === 'Enter' && target.closest('a, button, summary, input')) return
  const name = key.length === 1 ? key.toUpperCase() : key
  if (!/^([NBRTCK0-9]|Enter)$/.test(name)) return
  const pressed = document.querySelector('[aria-keyshortcuts="' + name + '"]')
  if (pressed === null) return
  event.preventDefault()
  pressed.click()
})
const status = document.querySelector('[role=status]')
if (status !== null) {
  const text = status.textContent
  status.textContent = ''
  setTimeout(() => { status.textContent = text }, 200)
}
`
