// قازاقشا (Kazakh in Arabic script, right to left). Not yet read by a native speaker: docs/miniprogram.md. What is missing is said in Chinese.
import type { Partly } from './index'
import { office } from './office'

export const kk: Partly = {
  ...office.kk,
  common: {
    app: 'لوۋدىڭ', retry: 'قايتا جۇكتەۋ', cancel: 'بولدىرماۋ', ok: 'ماقۇل', close: 'جابۋ', more: 'تاعى', save: 'ساقتاۋ', back: 'قايتۋ', loading: 'جۇكتەلۋدە…', optional: 'مىندەتتى ەمەس', required: 'تولتىرىڭىز', call: 'تەلەفون سوعۋ', remove: 'ٴوشىرۋ', change: 'اۋىستىرۋ', saved: 'ساقتالدى',
    emptyTitle: 'ازىرشە ەشتەڭە جوق', offlineTitle: 'تور جوق', offlineText: 'توردى تەكسەرىڭىز. جىبەرىلمەگەنى تەلەفوندا ساقتالىپ، ٴوزى جىبەرىلەدى.', errorTitle: 'جۇكتەلمەدى',
  },
  problem: { offline: 'تور جوق، قايتا كورىڭىز', timeout: 'تور باياۋ، قايتا كورىڭىز', server: 'سەرۆەر ۋاقىتشا ىستەمەيدى، كەيىن كورىڭىز', hurry: 'تىم ٴجيى، {when} كەيىن كورىڭىز' },
  time: {
    seconds: '{n} سەك', minutes: '{n} مين', minutesSeconds: '{m} مين {s} سەك', hours: '{h} ساعات', hoursMinutes: '{h} ساعات {m} مين', days: '{d} كۇن', daysHours: '{d} كۇن {h} ساعات', today: 'بۇگىن {clock}', yesterday: 'كەشە {clock}', tomorrow: 'ەرتەڭ {clock}', dayToday: 'بۇگىن', dayTomorrow: 'ەرتەڭ',
  },
  tabs: { report: 'حابارلاۋ', mine: 'حابارلارىم', notices: 'جاڭالىق', me: 'مەن', work: 'جۇمىس' },
  status: { new: 'قابىلداۋدى كۇتۋدە', accepted: 'ىستەلىپ جاتىر', dispatched: 'جىبەرىلدى', waiting: 'توقتاپ تۇر', resolved: 'بىتكەن', closed: 'جابىلدى', rejected: 'قابىلدانبادى', merged: 'بىرىكتىرىلدى' },
  clock: { accept: 'قابىلداۋ', acknowledge: 'الۋ', resolve: 'ٴبىتىرۋ', left: '{what}: {left} قالدى', late: '{what}: {left} كەشىكتى', due: '{what}: {at} دەيىن' },
  turn: { new: '{holder} قابىلداۋىن كۇتۋدە', accepted: '{holder} ىستەۋدە', dispatched: '{organisation} الۋىن كۇتۋدە', taken: '{organisation} ىستەۋدە', answer: 'جاۋابىڭىزدى كۇتۋدە', confirm: 'باعاڭىزدى كۇتۋدە', closed: 'اياقتالدى' },
  home: { title: 'لوۋدىڭ', hello: 'نە بۇزىلدى؟', lead: 'ماسەلەنى تاڭداپ، سۋرەتكە ٴتۇسىرىڭىز.', where: 'قايدا', noPlace: 'ورىندى تاڭداڭىز', scan: 'كود وقۋ', search: 'مەكەن ىزدەۋ', attention: 'كەزەك سىزدە', urgent: 'قاۋىپ بار ما؟ اۋەلى تەلەفون سوعىڭىز', all: 'باسقا ماسەلە', resumeText: 'جالعاستىرۋ' },
  report: { title: 'حابارلاۋ', emergency: 'اۋەلى {phone} سوعىڭىز', callNow: '{phone} سوعۋ', photos: 'سۋرەت', text: 'تۇسىندىرمە', note: 'ناقتى ورنى', anonymous: 'اتىمدى جاسىرۋ', submit: 'جىبەرۋ', sendingNow: 'جىبەرىلۋدە', done: 'جىبەرىلدى', kept: 'تەلەفوندا ساقتالدى', metoo: 'مەندە دە سولاي', see: 'بارىسىن كورۋ', again: 'تاعى حابارلاۋ', category: 'ماسەلە' },
  place: { title: 'ورىندى تاڭداۋ', browse: 'ساتىلاپ تاڭداۋ', here: 'وسىنى تاڭداۋ', top: 'بارلىعى', use: 'قازىرگى ورنىم' },
  mine: { title: 'حابارلارىم', mine: 'مەن حابارلاعان', following: 'باقىلاۋدا', emptyMine: 'ٴالى حابارلامادىڭىز', go: 'حابارلاۋ' },
  ticket: { title: 'تولىق مالىمەت', no: 'ٴنومىرى', before: 'بۇرىن', after: 'كەيىن', result: 'ناتيجەسى', timeline: 'بارىسى', described: 'تۇسىندىرمە', place: 'ورنى', at: 'ۋاقىتى', holder: 'جاۋاپتى', organisation: 'ورىنداۋشى', question: 'جاۋاپ بەرىڭىز', mineTurn: 'كەزەك سىزدە', rating: 'باعا' },
  action: { edit: 'وزگەرتۋ', withdraw: 'قايتارىپ الۋ', appeal: 'شاعىمدانۋ', answer: 'جاۋاپ بەرۋ', confirm: 'باعالاۋ', reopen: 'ٴالى جوندەلمەدى', urge: 'اسىقتىرۋ', comment: 'پىكىر', accept: 'قابىلداۋ', dispatch: 'جىبەرۋ', resolve: 'ٴبىتىرۋ' },
  field: { text: 'تۇسىندىرمە', photo_ids: 'سۋرەت', verdict: 'جوندەلدى مە؟', rating: 'رازىسىز با؟' },
  choice: { solved: 'جوندەلدى', partly: 'جارتىلاي', true: 'ٴالى بار', false: 'جوق' },
  event: { submitted: 'حابارلاندى', accepted: 'قابىلداندى', dispatched: 'جىبەرىلدى', taken: 'الىندى', resolved: 'ٴبىتتى', confirmed: 'راستالدى', commented: 'پىكىر', urged: 'اسىقتىرىلدى', timer: 'جۇيە' },
  notices: { title: 'جاڭالىق', readAll: 'ٴبارىن وقىدىم', empty: 'جاڭالىق جوق' },
  me: { title: 'مەن', guest: 'تۇرعىن', home: 'ٴۇيىم', phone: 'تەلەفون', phoneNone: 'جازىلماعان', language: 'ٴتىل', size: 'ٴارىپ كولەمى', size1: 'قالىپتى', size2: 'ۇلكەن', size3: 'ەڭ ۇلكەن', data: 'دەرەكتەرىم', scan: 'كومپيۋتەرگە كىرۋ', privacy: 'قۇپيالىق', logout: 'شىعۋ', name: 'اتىم', unset: 'بەلگىلەنبەگەن' },
  consent: { title: 'قۇپيالىق نۇسقاۋى', agree: 'كەلىسەمىن', refuse: 'ازىرشە جوق', read: 'تولىق وقۋ' },
  welcome: { title: 'لوۋدىڭ', lead: 'كەشكە حابارلانعان شام ۇيىقتار الدىندا جانادى.' },
  photo: { add: 'سۋرەت قوسۋ', addShort: 'قوسۋ', remove: 'سۋرەتتى ٴوشىرۋ' },
}
