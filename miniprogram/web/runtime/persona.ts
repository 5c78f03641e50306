/** The persona of this window, `?persona=…`. Storage is separate for each persona and window. */
export const persona = (): string => new URLSearchParams(location.search).get('persona') ?? 'nobody'
export const prefix = (): string => `wx:${persona()}:`
