// English texts of approval rules; added when their pages are loaded.
import { addTexts } from '../known.ts'

export const approvalRuleTexts = {
  'approvalRules.lead':
    'Which access requests are approved automatically, and who decides others. Order does not matter: a rule that asks wins.',
  'approvalRules.new': 'Create approval rule',
  'approvalRules.made': 'Approval rule created.',
  'approvalRules.none': 'No approval rules',
  'approvalRules.noneText': 'Any user with the right role decides access requests.',
  'approvalRules.tabs': 'Approval rule details',
  'approvalRules.independent':
    'All authors of the rule must be independent of the request. Otherwise, a user decides it.',
  'approvalRules.descriptionHelp': 'Explain the rule to a colleague who reads it next year.',
  'approvalRules.effect': 'Effect',
  'approvalRules.effect.approve': 'Approve at once',
  'approvalRules.effect.approveHelp': 'Scopes that need approval always wait for a user.',
  'approvalRules.effect.ask': 'Ask certain users',
  'approvalRules.effect.askHelp': 'Only they decide matching requests.',
  'approvalRules.short.approve': 'Approves',
  'approvalRules.short.ask': 'Asks',
  'approvalRules.owner': 'Owner of the app',
  'approvalRules.owner.true': 'Has an active owner',
  'approvalRules.owner.false': 'Has no active owner',
  'approvalRules.maxDays': 'Longest access (days)',
  'approvalRules.maxDaysHelp': 'Requests for access without an end never match.',
  'approvalRules.users': 'Who decides',
  'approvalRules.usersHelp': 'Any one of them; each needs a role that decides access requests.',
  'approvalRules.after': 'Escalate after (hours)',
  'approvalRules.afterHelp': 'Without a decision, further users may decide too.',
  'approvalRules.to': 'Escalate to',
  'approvalRules.idMissing': 'Enter an ID.',
  'approvalRules.usersMissing': 'Choose who decides.',
  'approvalRules.limitsMissing': 'Set the highest risk and the longest access.',
  'approvalRules.escalationMissing': 'Set the hours and the users of the escalation, or neither.',
} as const

addTexts(approvalRuleTexts)
