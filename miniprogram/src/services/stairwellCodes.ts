// Stairwell codes: the picture of one, those of a place on sheets to print, and another one in its place.
import { request } from '../platform/request'
import { downloadFile } from '../platform/upload'
import type { CodeReason, Sheets, StairwellCode } from './shapes'

const DRAWING = 120_000 // milliseconds; a whole street takes the server some twenty seconds

/** Return the picture of a place's code, and what a scan of it reads. */
export async function downloadCode(place_id: string): Promise<{ filePath: string; scene: string }> {
  const { filePath, headers } = await downloadFile(`/api/v1/places/${place_id}/qrcode`)
  return { filePath, scene: headers['code-scene'] ?? '' }
}

export const countSheets = (place_id: string): Promise<Sheets> =>
  request({ path: `/places/${place_id}/qrcodes` })

/** Return the path of the PDF. */
export const downloadSheets = async (place_id: string): Promise<string> =>
  (await downloadFile(`/api/v1/places/${place_id}/qrcodes.pdf`, DRAWING)).filePath

/** Give a place another code instead of `scene`. A repeated request replaces nothing more. */
export const replaceCode = (place_id: string, scene: string, reason: CodeReason): Promise<StairwellCode> =>
  request({ method: 'POST', path: `/places/${place_id}/qrcode/replace`, body: { scene, reason } })
