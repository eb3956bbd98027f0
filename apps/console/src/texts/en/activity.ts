// English texts of this area.
export const activityTexts = {} as const
