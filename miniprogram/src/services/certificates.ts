// Certificates of one's confirmed hours: each has a public page.
import { SERVER } from '../platform/config'
import { request } from '../platform/request'
import { listAll } from './pages'
import type { Certificate } from './shapes'

export const listCertificates = (): Promise<Certificate[]> => listAll('/me/certificates')

/** Of the days from `from` on, up to today; of everything without it. */
export const makeCertificate = (from: string, key: string): Promise<Certificate> =>
  request({ method: 'POST', path: '/me/certificates', body: from ? { from } : {}, key })
export const revokeCertificate = (id: string): Promise<unknown> =>
  request({ method: 'DELETE', path: `/me/certificates/${id}` })

/** The address of the public page, for somebody else's browser. */
export const certificateAddress = ({ url }: Certificate): string =>
  url.startsWith('/') ? `${SERVER}${url}` : url
