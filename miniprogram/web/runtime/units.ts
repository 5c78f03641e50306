/** WXSS units in inline styles: 750 rpx are the width of the window, `vh` is a percentage of the page's height. */
export const units = (value: string): string =>
  value
    .replace(/(-?\d*\.?\d+)rpx\b/g, (_, number) => `${Number(number) / 7.5}vw`)
    .replace(/(-?\d*\.?\d+)vh\b/g, 'calc($1 * var(--vh, 1vh))')
