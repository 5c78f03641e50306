// English.
import type { Partly } from './index'
import { office } from './office'

export const en: Partly = {
  ...office.en,
  common: {
    app: 'Loudeng', retry: 'Try again', cancel: 'Cancel', ok: 'OK', close: 'Close', more: 'More', save: 'Save', back: 'Back', loading: 'Loading…', optional: 'optional', required: 'Please fill this in', call: 'Call', remove: 'Delete', change: 'Change', saved: 'Saved',
    noMore: 'That is all', emptyTitle: 'Nothing here yet', offlineTitle: 'No connection', offlineText: 'Please check your network. What was not sent is kept on this phone and goes by itself.', errorTitle: 'Could not load this', stale: 'Showing what was loaded before',
  },
  problem: {
    offline: 'No connection. Check your network and try again', timeout: 'The network is too slow. Please try once more', server: 'The server is not available just now. Please try later', refused: 'This cannot be done just now', hurry: 'Too often. Try again in {when}', too_large: 'The photo is too large', forbidden: 'You may not do this', not_found: 'Not found, or not visible to you', faster: 'Somebody was faster. This is how it is now', invalid: 'Please correct what is marked',
  },
  time: {
    seconds: '{n} s', minutes: '{n} min', minutesSeconds: '{m} min {s} s', hours: '{h} h', hoursMinutes: '{h} h {m} min', days: '{d} d', daysHours: '{d} d {h} h', today: 'Today {clock}', yesterday: 'Yesterday {clock}', tomorrow: 'Tomorrow {clock}', date: '{day}/{month} {clock}', far: '{day}/{month}/{year} {clock}',
    dayToday: 'Today', dayTomorrow: 'Tomorrow', day: '{day}/{month}', week0: 'Sun', week1: 'Mon', week2: 'Tue', week3: 'Wed', week4: 'Thu', week5: 'Fri', week6: 'Sat',
  },
  tabs: { report: 'Report', mine: 'My reports', notices: 'News', me: 'Me', work: 'Work' },
  status: { new: 'Received', accepted: 'In hand', dispatched: 'Sent out', waiting: 'Paused', resolved: 'Done', closed: 'Closed', rejected: 'Not taken on', merged: 'Merged' },
  clock: { accept: 'Accept', acknowledge: 'Take', resolve: 'Done', left: '{what}: {left} left', late: '{what}: {left} over', paused: 'Paused until {until}', due: '{what} by {at}' },
  turn: {
    new: 'Waiting for {holder}', accepted: '{holder} is on it', dispatched: 'Waiting for {organisation}', taken: '{organisation} is on it', waiting: 'Paused until it can go on', answer: 'Waiting for your answer', resolved: 'Waiting for the reporter', confirm: 'Waiting for your verdict', closed: 'Finished', rejected: 'Not taken on', appeal: 'Not taken on; you may appeal', merged: 'Joined with another report', nobody: 'Waiting for the community to assign it',
  },
  home: {
    title: 'Loudeng', hello: 'What is broken?', lead: 'Tap the problem and take a photo. It goes to the grid head of your building.', where: 'Where', noPlace: 'Choose a place', scan: 'Scan code', search: 'Find address', attention: 'Your turn', urgent: 'Danger? Call first', all: 'Other problems', unsent: '{n} not sent yet; they go by themselves', refused: 'One was not accepted. Tap to change it', resume: 'Not finished', resumeText: 'Continue', scanFailed: 'No code found. You can search the address', unknownCode: 'This is not a stairwell code',
  },
  report: {
    title: 'Report', emergency: 'Call {phone} first', emergencyText: 'If somebody is in danger call first, then send this. The grid head gets it at once.', callNow: 'Call {phone}', photos: 'Photos', photosHint: 'Show what is broken, up to 9', text: 'Words', textHint: 'E.g. the light on the 3rd floor is out. Not needed if the photo says it', note: 'Where exactly', noteHint: 'E.g. 3rd floor, by the lift', anonymous: 'Report anonymously', anonymousHint: 'Handlers do not see who you are; you still follow and rate it', submit: 'Send', sending: 'Sending {n}%', sendingNow: 'Sending', done: 'Reported', doneText: '{holder} gets it and you will hear when it is accepted', kept: 'Kept on this phone', keptText: 'There is no connection. It goes by itself later; nothing to fill in again.',
    similar: 'Perhaps already reported', similarHint: 'Same thing? Tap “Me too” and follow it', metoo: 'Me too', followed: 'Following', followers: '{n} affected', need: 'Take a photo or write a few words', needPlace: 'Choose a place', see: 'See progress', again: 'Report another', ask: 'Tell me when it is done', position: 'Here ({lat}, {lng})', leave: 'Kept as a draft', category: 'Problem',
  },
  place: { title: 'Choose a place', search: 'Address, e.g. 944号4单元3楼', none: 'Not found. Write it another way, or choose step by step below', browse: 'Step by step', here: 'Choose this', whole: 'Choose “{name}”', use: 'Use where I am', useHint: 'For roads and greens without an address', noLocation: 'No position. You can search the address', top: 'All', found: 'Found' },
  mine: { title: 'My reports', mine: 'Reported', following: 'Following', emptyMine: 'You have not reported anything', emptyMineText: 'A stair light, a blocked drain: report it here.', emptyFollowing: 'You follow nothing yet', emptyFollowingText: 'Tap “Me too” on what others reported and it shows up here.', go: 'Report', unsent: 'Not sent yet' },
  ticket: {
    title: 'Report', no: 'No.', before: 'Before', after: 'After', result: 'What was done', timeline: 'What happened', described: 'Description', place: 'Place', at: 'Reported', anonymous: 'Anonymous', followers: '{n} also affected', urged: 'Urged {n} times', rating: 'Rating', holder: 'In charge', organisation: 'Carried out by', question: 'Please answer', answerNow: 'Answer', follow: 'Me too', unfollow: 'Stop following', followed: 'You follow this now', unfollowed: 'No longer followed', photo: 'Photo, tap to enlarge', mineTurn: 'Your turn', noText: 'No words; see the photos', urge1: 'Urged; they are reminded', done: 'Done', conflict: 'It has just changed', origin_staff: 'Reported by staff', reporter: 'Reporter', phone: 'Phone',
  },
  action: {
    edit: 'Edit', withdraw: 'Withdraw', accept: 'Accept', reject: 'Refuse', appeal: 'Appeal', recategorise: 'Change category', merge: 'Merge', unmerge: 'Unmerge', dispatch: 'Dispatch', take: 'Take', hand_back: 'Hand back', recall: 'Recall', wait: 'Pause', resume: 'Resume', ask: 'Ask the reporter', answer: 'Answer', resolve: 'Done', confirm: 'Confirm and rate', settle: 'Settle', reopen: 'Not fixed', escalate: 'Escalate', return: 'Return', reassign: 'Reassign', not_mine: 'Not our grid', extend: 'Extend', call_up: 'Call up', report: 'Report back', release: 'Release', urge: 'Urge', comment: 'Comment', vote: 'Is it fixed?',
  },
  ask: { withdraw: 'This ends the report. Withdraw it?', accept: 'You will be in charge of it.', take: 'You start working on it.', recall: 'You go on with it yourself.', resume: 'The clock runs on.', unmerge: 'Undo the merge?', urge: 'They are reminded. Once an hour.' },
  field: {
    text: 'Words', note: 'Note', reason: 'Reason', photo_ids: 'Photos', until: 'Until', outcome: 'Outcome', verdict: 'Is it fixed?', rating: 'Satisfied?', organisation_id: 'To whom', organisation_ids: 'Whom', proposed_organisation_id: 'Better sent to', category: 'Category', place_id: 'Place', minutes: 'How much longer', into: 'Into which', description: 'Words', internal: 'For staff only', still_there: 'Is it still there?', textAppeal: 'Why it should be taken on', textReopen: 'What is not fixed', textAnswer: 'Your answer', textComment: 'What to say', textResolve: 'What was done', textAsk: 'Your question', textReject: 'Tell the reporter why',
  },
  choice: {
    solved: 'Fixed', partly: 'Partly', true: 'Still there', false: 'Gone', fixed: 'Fixed', partial: 'Partly fixed', explained: 'Explained', referred: 'Referred', listed: 'Listed for later', no_fault: 'No fault found', withdrawn: 'Withdrawn', silent: 'Not rated', not_solved: 'Not solved', not_ours: 'Not in our area', private_matter: 'A private matter', duplicate: 'Reported already', unclear: 'Unclear', illegal_request: 'Not lawful', parts: 'Parts', weather: 'Weather', access: 'No access', fund: 'Funds', third_party: 'A third party', question: 'An answer', not_our_place: 'Not our place', not_our_trade: 'Not our trade', no_contract: 'Not in the contract', needs_other: 'Needs somebody else', star1: 'Very unsatisfied', star2: 'Unsatisfied', star3: 'So so', star4: 'Satisfied', star5: 'Very satisfied', halfDay: 'Half a day', oneDay: 'A day', threeDays: 'Three days',
  },
  event: {
    submitted: 'Reported', edited: 'Edited', withdrawn: 'Withdrawn', accepted: 'Accepted', rejected: 'Not taken on', appealed: 'Appealed', recategorised: 'Category changed', merged: 'Merged', unmerged: 'Unmerged', dispatched: 'Sent out', taken: 'Taken', handed_back: 'Handed back', recalled: 'Recalled', waiting: 'Paused', resumed: 'Resumed', asked: 'Reporter asked', answered: 'Reporter answered', claimed: 'Reported as done', resolved: 'Done', confirmed: 'Confirmed', settled: 'Closed', reopened: 'Reopened', escalated: 'Moved up', returned: 'Moved down', reassigned: 'Reassigned', extended: 'Extended', called_up: 'Called up', reported: 'Reported back', released: 'Released', urged: 'Urged', commented: 'Comment', reminded: 'Reminder', overdue: 'Overdue', timer: 'The clock', internal: 'Staff only',
  },
  notices: { title: 'News', readAll: 'All read', empty: 'No news yet', emptyText: 'When something moves, you read it here.', unread: 'unread' },
  me: {
    title: 'Me', guest: 'Resident', home: 'My home', homeHint: 'Set once, report without choosing', phone: 'Phone', phoneNone: 'Not given', phoneHint: 'So that handlers can reach you; not required', phoneVerified: 'Verified', phoneButton: 'Use my WeChat number', phoneType: 'Type it', phoneLabel: 'Number', language: 'Language', size: 'Text size', size1: 'Standard', size2: 'Large', size3: 'Largest', sample: 'The stair light is out on floors 3 and 4.', data: 'My data', scan: 'Sign in a computer', scanHint: 'Open Loudeng on the computer and scan its code', privacy: 'Privacy guide', logout: 'Sign out', switch: 'Be somebody else', name: 'Name', nameHint: 'What we call you', posts: 'My posts', invite: 'Invitation code', inviteHint: 'A one-time code from your community or street', invited: 'Post added', unset: 'Not set',
  },
  data: { title: 'My data', export: 'Export all my data', exportHint: 'What you reported and said, and who looked at your number', exported: 'Copied; paste it into your notes', count: '{tickets} reports, {photos} photos, {notices} news', erase: 'Erase me', eraseHint: 'Name, phone, WeChat id and photos are deleted at once and for good.', openTickets: 'What about open reports?', keep: 'Keep them going, without my name', withdraw: 'Withdraw them all', confirm: 'I understand, erase', erased: 'Erased. Goodbye', drafts: 'What was not sent is deleted too' },
  scan: { title: 'Sign in a computer', ask: 'A computer wants to sign in as you', warn: 'Agree only if you are using that computer yourself.', yes: 'Agree', no: 'Not me', done: 'Agreed; look at the computer', bad: 'This is not a sign-in code' },
  consent: { title: 'Privacy guide', agree: 'Agree', refuse: 'Not now', read: 'Read all of it', lead: 'To report, please agree first:', points: 'What you report is used to get it done, nothing else. Name, phone and position are optional. You may stay anonymous, export or delete at any time.', failed: 'Could not load. Tap again' },
  welcome: { title: 'Loudeng', lead: 'A stair light reported in the evening burns before bedtime.', choose: 'Choose somebody of the demo street', staff: 'Staff', residents: 'Residents' },
  photo: { add: 'Take or choose photos', addShort: 'Add', remove: 'Remove this photo', big: 'Photo {n}', failed: 'Not uploaded', missing: 'Not loaded', uploading: 'Uploading' },
  outbox: { sent: '{n} kept reports were sent', title: 'Not sent', waiting: 'Goes by itself when there is a connection', refused: 'Not accepted', now: 'Send now', edit: 'Change', remove: 'Discard' },
  work: { title: 'Work', inbox: 'To do', unassigned: 'Unassigned', all: 'All', empty: 'All done', emptyText: 'New ones show up here.' },
}
