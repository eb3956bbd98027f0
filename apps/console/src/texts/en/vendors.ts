// Texts about identity products, added when a page that needs them is loaded.
import { addTexts } from '../known.ts'

export const vendorTexts = {
  'vendors.product': 'Product',
  'vendors.productHelp': 'Fills in the fields below and lists the steps in that product.',
  'vendors.other': 'Another product',
  'vendors.audience': 'Audience of its ID-JAGs',
  'vendors.steps': 'At {name}',
  'vendors.source': 'documentation',
  'vendors.checked': 'Documentation read on {date}.',
} as const

addTexts(vendorTexts)
