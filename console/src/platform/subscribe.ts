// Subscribe messages are WeChat's; a browser has none.
export const askToSubscribe = (): void => undefined
