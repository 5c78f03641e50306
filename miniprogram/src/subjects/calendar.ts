// A reminder in the phone's own calendar, an hour before.
import { toMillis } from '../domain/time'
import { wordsOf } from '../i18n/index'
import type { Activity } from '../services/shapes'
import { tellRefusal } from '../ui/refusal'
import './words/index'

const AHEAD = 3600 // seconds

export function addToCalendar({ title, starts_at, ends_at, venue, place }: Activity): void {
  wx.addPhoneCalendar({
    title: title ?? '',
    startTime: toMillis(starts_at) / 1000,
    endTime: String(toMillis(ends_at) / 1000),
    location: venue ?? place.label,
    alarm: true,
    alarmOffset: AHEAD,
    success: () => void wx.showToast({ title: wordsOf('subject').reminded, icon: 'none', duration: 3000 }),
    fail: (failure) => void tellRefusal('calendar', failure),
  })
}
