// A QR code of up to 20 capital letters and digits, drawn on the phone: a code can be shown without a network.
// Version 1 (21 × 21), level M, the first mask; ISO/IEC 18004.
const SIZE = 21
const SIGNS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:'
const DATA = 16 // bytes, besides
const CHECKS = 10
const GENERATOR = [251, 67, 46, 61, 118, 70, 64, 94, 32, 45] // of the checks, as powers
const FORMAT = '101010000010010' // level M, the first mask

const EXP: number[] = []
for (let n = 0, value = 1; n < 255; n++, value = (value << 1) ^ (value & 128 ? 0x11d : 0)) EXP.push(value)
const times = (one: number, power: number): number => (one ? EXP[(EXP.indexOf(one) + power) % 255]! : 0)

function dataOf(text: string): number[] {
  const value = (n: number): number => SIGNS.indexOf(text[n]!)
  let bits = `0010${text.length.toString(2).padStart(9, '0')}` // letters and digits, and how many
  for (let n = 0; n < text.length; n += 2)
    bits +=
      n + 1 < text.length
        ? (value(n) * 45 + value(n + 1)).toString(2).padStart(11, '0')
        : value(n).toString(2).padStart(6, '0')
  bits = bits.padEnd(Math.min(bits.length + 4, DATA * 8), '0')
  bits = bits.padEnd(Math.ceil(bits.length / 8) * 8, '0')
  const bytes = bits.match(/.{8}/g)!.map((each) => parseInt(each, 2))
  for (let n = 0; bytes.length < DATA; n++) bytes.push(n % 2 ? 0x11 : 0xec)
  return bytes
}

function checksOf(data: readonly number[]): number[] {
  const rest = [...data, ...Array<number>(CHECKS).fill(0)]
  for (let n = 0; n < data.length; n++)
    GENERATOR.forEach((power, k) => (rest[n + 1 + k]! ^= times(rest[n]!, power)))
  return rest.slice(data.length)
}

/** Whether a square is dark, where that does not depend on the text; undefined where it does. */
function fixed(row: number, column: number): boolean | undefined {
  for (const [y, x] of [
    [0, 0],
    [0, SIZE - 7],
    [SIZE - 7, 0],
  ] as const) {
    const [r, c] = [row - y, column - x]
    if (r < -1 || r > 7 || c < -1 || c > 7) continue
    const ring = Math.max(Math.abs(r - 3), Math.abs(c - 3))
    return ring !== 2 && ring !== 4
  }
  if (row === 6 || column === 6) return (row + column) % 2 === 0
  return undefined
}

/** The squares of a code that are dark, by row. */
export function qrSquares(text: string): boolean[][] {
  const squares = Array.from({ length: SIZE }, (_, row) =>
    Array.from({ length: SIZE }, (_, column) => fixed(row, column)),
  )
  for (let n = 0; n < 15; n++) {
    const dark = FORMAT[n] === '1'
    squares[8]![n < 6 ? n : n < 8 ? n + 1 : SIZE - 15 + n] = dark
    squares[n < 7 ? SIZE - 1 - n : n < 9 ? 15 - n : 14 - n]![8] = dark
  }
  squares[8]![SIZE - 8] = FORMAT[7] === '1' // beside the one at the corner of both lines
  squares[SIZE - 8]![8] = true
  const data = dataOf(text)
  const bits = [...data, ...checksOf(data)].map((byte) => byte.toString(2).padStart(8, '0')).join('')
  let at = 0
  for (let right = SIZE - 1; right > 0; right -= 2) {
    if (right === 6) right--
    const up = ((right + 1) & 2) === 0
    for (let n = 0; n < SIZE; n++)
      for (const column of [right, right - 1]) {
        const row = up ? SIZE - 1 - n : n
        if (squares[row]![column] === undefined)
          squares[row]![column] = (bits[at++] === '1') !== ((row + column) % 2 === 0)
      }
  }
  return squares.map((row) => row.map(Boolean))
}

/** The code as a background: dark on white also where the phone is dark, for scanners. */
export function qrStyle(text: string): string {
  const path = qrSquares(text)
    .flatMap((row, y) => row.map((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : '')))
    .join('')
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="-2 -2 25 25" shape-rendering="crispEdges"><path d="${path}"/></svg>`
  return `background-image:url("data:image/svg+xml,${encodeURIComponent(svg)}")`
}
