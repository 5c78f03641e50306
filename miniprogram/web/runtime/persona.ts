/** Whom this window plays: `?persona=…`; what is stored belongs to that persona and this window. */
export const persona = (): string => new URLSearchParams(location.search).get('persona') ?? 'nobody'
export const prefix = (): string => `wx:${persona()}:`
