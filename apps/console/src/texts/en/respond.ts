// English texts of this area.
export const respondTexts = {} as const
