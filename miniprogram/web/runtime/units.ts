/** WXSS units in styles made at run time: 750 rpx are as wide as the window, `vh` is what the bars leave. */
export const units = (value: string): string =>
  value
    .replace(/(-?\d*\.?\d+)rpx\b/g, (_, number) => `${Number(number) / 7.5}vw`)
    .replace(/(-?\d*\.?\d+)vh\b/g, 'calc($1 * var(--vh, 1vh))')
