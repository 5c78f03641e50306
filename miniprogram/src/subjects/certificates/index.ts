// Certificates of voluntary hours (志愿服务证明): made with one tap, free of charge; the address of each goes to whom one gives
// it, until it is revoked.
import { messageOf } from '../../domain/errorMessage'
import { sayDone } from '../../domain/actionResult'
import { formatDay, today } from '../../domain/dates'
import { dayOfMoment } from '../../domain/time'
import { fill, wordsOf } from '../../i18n/index'
import { newKey } from '../../platform/idempotencyKey'
import {
  certificateAddress,
  listCertificates,
  makeCertificate,
  revokeCertificate,
} from '../../services/certificates'
import type { Certificate } from '../../services/shapes'
import { ask } from '../../ui/ask'
import { definePage } from '../../ui/page'
import { tellRefusal } from '../../ui/refusal'
import '../words/index'

const ALL_FROM = '2000-01-01' // where a certificate of everything begins

interface Row {
  id: string
  hours: string
  about: string
  address: string
}

definePage({
  words: ['certificates'],
  title: (t) => t.certificates.title,
  data: { rows: [] as Row[], trouble: '' },
  instanceFields: { busy: false, key: '' },
  methods: {
    all() {
      return this.make('')
    },
    year() {
      return this.make(`${today().slice(0, 4)}-01-01`)
    },
    async make(from: string) {
      if (this.busy) return
      this.busy = true
      this.key = newKey()
      try {
        await makeCertificate(from, this.key)
        this.setData({ trouble: '' })
        sayDone(wordsOf('certificates').made)
        await this.reload()
      } catch (error) {
        this.setData({ trouble: messageOf(error) })
      }
      this.busy = false
    },
    copy(event: { currentTarget: { dataset: { address: string } } }) {
      wx.setClipboardData({
        data: event.currentTarget.dataset.address,
        fail: (failure) => void tellRefusal('clipboard', failure),
      })
    },
    async revoke(event: { currentTarget: { dataset: { id: string } } }) {
      const { revoke, revokeAsk, revoked } = wordsOf('certificates')
      if (!(await ask(revoke, revokeAsk))) return
      try {
        await revokeCertificate(event.currentTarget.dataset.id)
        sayDone(revoked)
        await this.reload()
      } catch (error) {
        this.setData({ trouble: messageOf(error) })
      }
    },
  },
  // after `methods`, whose types TypeScript has to infer first
  async load() {
    return { rows: (await listCertificates()).map(rowOf) }
  },
})

function rowOf(certificate: Certificate): Row {
  const words = wordsOf('certificates')
  const { id, hours, entries, from, to, created_at } = certificate
  const days = from > ALL_FROM ? words.days : words.daysAll
  return {
    id,
    hours: fill(words.hours, { n: hours, entries }),
    about: [
      fill(days, { from: formatDay(from), to: formatDay(to) }),
      fill(words.madeOn, { day: formatDay(dayOfMoment(created_at)) }),
    ].join(' · '),
    address: certificateAddress(certificate),
  }
}
