// A place: the grid responsible for it, its code to put up or to replace, and all codes below it to print.
import { messageOf } from '../../domain/errorMessage'
import { fetchMe } from '../../domain/profile'
import { hasRole, managedPlaces, MANAGER_ROLES } from '../../domain/roles'
import { store } from '../../domain/store'
import { fill, wordsOf } from '../../i18n/index'
import { openPdf } from '../../platform/files'
import { problemOf } from '../../platform/problem'
import { getPlace, getPlaceOfScene } from '../../services/places'
import type { CodeReason, Place, PlacePath, Sheets } from '../../services/shapes'
import { countSheets, downloadCode, downloadSheets, replaceCode } from '../../services/stairwellCodes'
import { ask } from '../../ui/ask'
import { definePage } from '../../ui/page'
import { pickPlace } from '../../ui/placePicker'
import { tellRefusal } from '../../ui/refusal'
import { scanCode } from '../../ui/scan'
import { offices } from '../communities'
import '../words/index'

const REASONS: readonly CodeReason[] = ['lost', 'defaced', 'misplaced']
const TOO_WIDE = ['street', 'community'] // for a code of their own

definePage({
  words: ['code', 'home'],
  title: (t) => t.code.title,
  data: {
    offices: [] as Place[], // the place page has none of them to choose
    place: null as PlacePath | null,
    path: '',
    code: '',
    scene: '',
    label: '',
    sheets: null as Sheets | null,
    toPrint: '',
    printing: false,
    reasons: REASONS,
    replaceable: false,
    replacing: false,
    replaced: '',
    busy: false,
    trouble: '',
    printTrouble: '',
    replaceTrouble: '',
  },
  methods: {
    async choose() {
      const place = await pickPlace()
      if (place?.id) await this.show(() => getPlace(place.id!))
    },
    async office(event: { detail: { id: string } }) {
      await this.show(() => getPlace(event.detail.id))
    },
    async scan() {
      const scene = await scanCode()
      if (scene) await this.show(() => getPlaceOfScene(scene))
    },
    async show(find: () => Promise<PlacePath>) {
      this.setData({ trouble: '', code: '', scene: '', sheets: null, printTrouble: '', replaced: '' })
      try {
        const place = await find()
        this.setData({
          place,
          path: place.path.join(' · '),
          label: fill(wordsOf('code').label, { place: place.label }),
          replaceable: hasRole(MANAGER_ROLES),
        })
        await Promise.all([this.picture(place), this.count(place)])
      } catch (error) {
        const problem = problemOf(error)
        this.setData({ trouble: problem.status === 404 ? wordsOf('home').unknownCode : messageOf(problem) })
      }
    },
    async picture({ id, level }: PlacePath) {
      if (TOO_WIDE.includes(level)) return
      const { filePath, scene } = await downloadCode(id)
      if (id === this.data.place?.id) this.setData({ code: filePath, scene })
    },
    /** Count what would be printed. Codes of a place that is somebody else's are not theirs to print. */
    async count({ id }: PlacePath) {
      try {
        const sheets = await countSheets(id)
        if (id !== this.data.place?.id) return
        this.setData({
          sheets,
          toPrint: fill(wordsOf('code').count, { codes: sheets.codes, sheets: sheets.sheets }),
        })
      } catch (error) {
        const { status, fieldErrors } = problemOf(error)
        if (id === this.data.place?.id && status !== 404 && status !== 403)
          this.setData({ printTrouble: fieldErrors[0]?.detail ?? messageOf(error) })
      }
    },
    async print() {
      if (this.data.printing) return
      this.setData({ printing: true, printTrouble: '' })
      try {
        const filePath = await downloadSheets(this.data.place!.id)
        await openPdf(filePath).catch(() => this.setData({ printTrouble: wordsOf('code').notOpened }))
      } catch (error) {
        const { body, fieldErrors } = problemOf(error)
        this.setData({ printTrouble: fieldErrors[0]?.detail ?? body.detail ?? messageOf(error) })
      }
      this.setData({ printing: false })
    },
    begin() {
      this.setData({ replacing: true, replaceTrouble: '' })
    },
    closed() {
      this.setData({ replacing: false })
    },
    async replace(event: { currentTarget: { dataset: { reason: CodeReason } } }) {
      const { reason } = event.currentTarget.dataset
      const { place, scene, busy } = this.data
      const words = wordsOf('code')
      if (busy || !(await ask(words.replaceAsk, fill(words.replaceText, { scene, reason: words[reason] }))))
        return
      this.setData({ busy: true, replaceTrouble: '' })
      try {
        await replaceCode(place!.id, scene, reason)
        this.setData({ replacing: false, replaced: fill(words.replaced, { scene }) })
        await this.picture(place!)
        wx.pageScrollTo({ selector: '.code-card', duration: 0 })
      } catch (error) {
        this.setData({ replaceTrouble: messageOf(error) })
        if (problemOf(error).status === 409) await this.picture(place!).catch(() => undefined)
      }
      this.setData({ busy: false })
    },
    big() {
      wx.previewImage({ urls: [this.data.code] })
    },
    save() {
      wx.saveImageToPhotosAlbum({
        filePath: this.data.code,
        success: () => wx.showToast({ title: wordsOf('code').saved, icon: 'none' }),
        fail: (failure) => void tellRefusal('album', failure),
      })
    },
  },
  // after `methods`, whose types TypeScript has to infer first
  async load() {
    return { offices: await offices(managedPlaces(store.get().me ?? (await fetchMe()))) }
  },
})
