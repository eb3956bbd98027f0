// The filters of events that commands describe in their own words.

export const EVENT_FILTERS = {
  log: { flags: '--log <log>', description: 'one log: idp, admin, or as: and an id' },
  type: {
    flags: '--type <types>',
    description: 'event types, separated by commas; idjag.* for all of an area',
  },
  outcome: { flags: '--outcome <outcome>', description: 'only this outcome' },
} as const
