// English texts of this area.
export const appTexts = {} as const
