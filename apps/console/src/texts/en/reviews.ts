// English texts of this area.
export const reviewTexts = {} as const
