// English texts of the page that shows every component; added when it is loaded.
import { addTexts } from '../known.ts'

export const designTexts = {
  'design.lead': 'Every component of the console, in the theme that you choose here.',
  'design.colours': 'Colours',
  'design.type': 'Type sizes',
  'design.sample': 'Agent0 may act for Alice at Todo0. 0123456789',
  'design.buttons': 'Buttons',
  'design.button': 'Save changes',
  'design.chips': 'Chips',
  'design.values': 'Values',
  'design.fields': 'Fields',
  'design.field': 'Field name',
  'design.help': 'One sentence of help.',
  'design.choice': 'Choice',
  'design.table': 'Table',
  'design.states': 'States',
  'design.empty': 'No items',
  'design.emptyText': 'One sentence on what belongs here.',
} as const

addTexts(designTexts)
