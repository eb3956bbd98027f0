// The authorization code flow at authorization servers, and who may not use it; added when its pages are loaded.
import { addTexts } from '../known.ts'

export const codeFlowTexts = {
  'codeFlow.title': 'Authorization code flow',
  'codeFlow.off': 'not offered',
  'codeFlow.on': 'users sign in at {provider}; tokens last {seconds} s',
  'codeFlow.ways': 'Ways to get access',
  'codeFlow.ways.both': 'ID-JAG, and authorization code where offered',
  'codeFlow.ways.idJag': 'ID-JAG only',
} as const

addTexts(codeFlowTexts)
