// English texts of the settings.
export const settingsTexts = {
  'appearance.lead': 'Kept in this browser, for you alone.',
  'appearance.theme': 'Theme',
  'appearance.density': 'Density',
  'appearance.comfortable': 'Comfortable',
  'appearance.compact': 'Compact',
  'appearance.shortcuts': 'Single-key shortcuts',
  'appearance.shortcutsHelp': 'Switch them off if you use speech input or press keys by accident.',
} as const
