// Before the first paint: the theme and density that were chosen, or those of the system.
;(function () {
  const root = document.documentElement
  let theme = null
  let density = null
  try {
    theme = localStorage.getItem('crosswalk.theme')
    density = localStorage.getItem('crosswalk.density')
  } catch {
    // Without storage the system decides.
  }
  if (theme !== 'light' && theme !== 'dark' && theme !== 'contrast') {
    theme = matchMedia('(prefers-contrast: more)').matches
      ? 'contrast'
      : matchMedia('(prefers-color-scheme: dark)').matches
        ? 'dark'
        : 'light'
  }
  root.dataset.theme = theme
  root.dataset.density = density === 'compact' ? 'compact' : 'comfortable'
  root.dataset.mantineColorScheme = theme === 'light' ? 'light' : 'dark'
})()
