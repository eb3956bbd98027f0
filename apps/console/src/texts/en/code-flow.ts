// Texts about the authorization code flow, added when its pages are loaded.
import { addTexts } from '../known.ts'

export const codeFlowTexts = {
  'codeFlow.title': 'Authorization code flow',
  'codeFlow.off': 'not offered',
  'codeFlow.on': 'users sign in at {provider}; tokens last {seconds} s',
  'codeFlow.grants': 'Accepted grants',
  'codeFlow.grants.both': 'ID-JAG, and authorization code where offered',
  'codeFlow.grants.idJag': 'ID-JAG only',
} as const

addTexts(codeFlowTexts)
