// English words of staff and companies.
export const staffEn = {
  desk: {
    title: 'Work', due: 'To do', overdue: 'Overdue', unassigned: 'Unassigned', fresh: 'New', accepted: 'In hand', dispatched: 'Sent out', claimed: 'To verify', waiting: 'Paused', resolved: 'Done', all: 'All', take: 'To take', working: 'Working',
    search: 'Search', searchHint: 'Address, kind, words or number', searchNone: 'Nothing found', searchNoneText: 'Try other or fewer words.', recent: 'Recent', clear: 'Clear', searchLead: 'All tickets of your area', empty: 'All done', emptyText: 'New tickets appear here.', emptyTab: 'No tickets here', emptyTabText: 'See “To do”.',
    yoursNew: 'Yours to accept', yoursAssign: 'Yours to assign', yoursTake: 'Yours to take', yoursWork: 'You are on it', yoursVerify: 'Said to be done: verify', partnerClaimed: 'Waiting for verification', yoursPart: 'You are called up', yoursReport: 'Yours to report', urged: 'urged {n}×', followers: '{n} more', dissent: '{n} say not fixed', verify: 'verify', level2: 'community', level3: 'street', photos: 'photos: {n}', gone: 'Now in “{tab}”',
    detail: 'Ticket', happened: 'What happened', by: '{who}: {what} ({at})', again: 'Go on: {action}', kept: 'What you typed is kept', toNote: 'Make it a note', left: 'This ticket has moved on and is no longer yours. This is how you saw it last.', limits: 'Limits', accept: 'Accept', acknowledge: 'Take', resolve: 'Done', until: 'Paused until', doneAt: 'done {at}', dueAt: 'by {at}', facts: 'Details', claimTitle: 'Said to be done', claimText: 'Check it: verify, or recall.', claimMore: 'See the photos', mergedInto: 'Joined with {no}', level: 'Level', level1n: 'grid', level2n: 'community', level3n: 'street', origin: 'From', resident: 'resident', staff: 'staff', partner: 'company', open311: 'Open311',
    phone: 'Show phone', phoneAsk: 'This look is recorded, and the reporter sees who looked. Go on?', phoneShown: 'This look is recorded', call: 'Call', described: 'No words', dissentNote: '{n} neighbours say it is still there.', note: 'Internal note', comment: 'Public comment', allActs: 'More', mapOpen: 'Position', calledTitle: 'Called up', calledWait: 'expected by {at}', calledLate: 'late, due {at}', calledHere: 'there {at}', calledDone: 'reported {at}', calledFree: 'released {at}',
    mergeTitle: 'Merge into', mergeLead: 'The reporter follows the other ticket and is told of it.', near: 'Same place and kind', mine: 'Same kind in your area', found: 'Found', none: 'Nothing to merge into; search by number or address.', mergeAsk: 'Merge into {no} ({where})?', hours: '{n} h', workdays: '{n} working days', halfday: 'half a working day', usual: 'usual',
  },
  clock: { arrive: 'Arrive' },
  choice: { patrol: 'Patrol', visit: 'Home visit', call: 'Phone call', walk_in: 'Came to us' },
  event: { proposed: 'proposes {name}' },
  action: { arrive: 'Arrive', note: 'Internal note', redo: 'Reopen', verify: 'Verify' },
  field: { textNote: 'To colleagues and the company', saidNote: 'Only staff and the company see this.', saidComment: 'The reporter and neighbours who follow see this.' },
}
