// Words of the office: posts, invitations, organisations, settings, opening anonymous reports, the audit trail. 岗位与管理的文字。
const zh = {
  office: {
    title: '岗位与管理', mine: '我的岗位', open: '待办', soon: '快到期', overdue: '已超时', days: '请假', set: '登记请假', change: '修改', back: '已回来', hintHead: '请假期间由副网格长代办；没有副网格长由值班员，再没有由社区代办。', hint: '请假期间由同级同事或上一级代办。',
    away: '{from}到{until}请假', awayOpen: '{from}起请假，回来日期未定', on: '在岗', tillOpen: '回来日期未定', range: '点第一天，再点最后一天', chosen: '{from}至{until}', saved: '已登记请假', backSaved: '已恢复在岗',
    adminTitle: '管理员不办工单', adminText: '岗位、单位、时限都在这里设置。', auditorTitle: '监督员查看记录', auditorText: '工单只看不办；谁做了什么，在操作记录里。', none: '您还没有岗位', noneText: '收到邀请码后，在这里接受。', doors: '能做的事', of: '所在：{path}',
  },
  door: {
    desk: '岗位与管理', deskHint: '我的岗位、请假、楼道码', behalf: '代报 / 巡查', behalfHint: '替人报，或报路上看到的', patrol: '巡查上报', patrolHint: '报你们服务的小区里看到的问题', code: '地点与楼道码', codeHint: '查一处归谁管，下载楼道码', grids: '网格', gridsHint: '管哪里、谁在岗、哪里空缺',
    posts: '岗位与邀请', postsHint: '邀请、请假、结束岗位', organisations: '单位', organisationsHint: '物业公司和职能部门', settings: '时限与日历', settingsHint: '受理办结时限、节假日、工作时间', unsealings: '匿名解封', unsealingsHint: '申请查看匿名报告人，须两人同意', audit: '操作记录', auditHint: '谁在什么时候做了什么', redeem: '接受邀请', redeemHint: '输入岗位邀请码', wishes: '通知设置', wishesHint: '哪些消息要收，夜里是否免打扰',
  },
  behalf: {
    title: '谁发现的', seen: '我看到的', told: '替别人报', hintSeen: '巡查、路过时看到的，记为工作人员上报。', hintPartner: '在你们服务的小区里看到的，记为单位上报。', name: '姓名', phone: '电话', nameHint: '如：王阿姨', phoneHint: '手机号或座机', way: '怎么来的', call: '来电', visit: '来访', door: '上门走访', hintTold: '姓名、电话可以不填；填了只有办理人员能看到。怎么来的会记在办理过程里。', only: '代报只限本辖区',
  },
  code: {
    title: '地点与楼道码', choose: '选地点', scan: '扫楼道码', lead: '查一处归哪个网格管；下载楼道码，打印后贴在楼道里。', grid: '归谁管', noGrid: '没有网格管，工单会到社区待分派', path: '在哪里', picture: '楼道码', big: '看大图', save: '存到相册', saved: '已存到相册，可以打印', denied: '没有存上，请在大图上长按保存', hint: '居民扫一扫就能从这里上报，不用选地点。', empty: '还没有选地点', label: '{place}的楼道码', none: '这里没有楼道码，请选到楼栋或单元',
  },
  grids: {
    title: '网格', covers: '管这些地方', nothing: '没有划地方', open: '{n}件未办结', people: '谁在岗', vacant: '空缺', invited: '已邀请，等接受', unnamed: '已就任（未填姓名）', away: '请假到{until}', awayOpen: '请假中', invite: '邀请', without: '这些地方没有网格管', withoutText: '那里的工单会到社区待分派。', empty: '这个社区还没有网格', emptyText: '划网格请在电脑上导入或调整。', pc: '划分网格请在电脑上做。', vacancies: '{n}个岗位空缺', answers: '今天负责',
  },
  posts: {
    title: '岗位与邀请', all: '全部', held: '在岗', vacant: '空缺', invite: '邀请人上岗', until: '邀请码{at}前有效', lapsed: '邀请码已过期，请撤回后重新邀请', absent: '登记请假', back: '恢复在岗', end: '结束岗位', revoke: '撤回邀请', endAsk: '结束后，{label}马上不能再办理这里的工单。', revokeAsk: '撤回后，邀请码不能再用。', ended: '已结束', revoked: '已撤回', empty: '还没有岗位', emptyText: '点下面邀请第一位同事。', more: '办理',
  },
  invite: {
    title: '邀请上岗', role: '什么岗位', where: '在哪里', company: '哪个单位', make: '生成邀请码', made: '邀请码', once: '只能用一次，{at}前有效。离开本页后不再显示。', copy: '复制', share: '发给微信好友', how: '对方在“我的 → 填写邀请码”里输入，或点开您发的卡片。', again: '再邀请一位', shareTitle: '邀请您担任{label}', need: '请先选好岗位和地方', noCompany: '这里还没有单位，请先到“单位”里添加', gridOf: '{place}的网格',
  },
  role: { member: '网格员', head: '网格长', deputy: '副网格长', duty: '值班员', community: '社区工作人员', street: '街道工作人员', auditor: '监督员', admin: '管理员', agent: '单位经办人' },
  redeem: { title: '接受邀请', lead: '接受后，您就可以用这个岗位办理工单。', code: '邀请码', hint: '10位字母和数字', yes: '接受', done: '已上岗', go: '去工作台', need: '请填写邀请码' },
  orgs: {
    title: '单位', empty: '这里还没有单位', emptyText: '添加后就能把工单派给它们。', add: '添加单位', edit: '单位信息', name: '名称', kind: '类型', property: '物业公司', department: '职能部门', places: '服务哪些地方', addPlace: '加一处', skills: '默认办哪些事', skillsHint: '选中的类别派遣时先推荐它', removePlace: '去掉{place}', saved: '已保存', need: '请填写名称', needPlaces: '至少选一处服务的地方', theirs: '它也服务您辖区以外的地方，只能由街道修改', adminOnly: '这里只列出有经办人的单位；全部名单由社区、街道查看', agents: '邀请经办人', where: '看哪里',
  },
  settings: {
    title: '时限与日历', limits: '时限', calendar: '节假日', frames: '工作时间', grids: '网格', pc: '手机上可以改一个类别的时限、加一段日子；成批修改请用电脑。', accept: '受理', acknowledge: '接单', resolve: '办结', around: '全天计时', working: '工作时间计时', own: '本级自定', edit: '修改时限', minute: '分钟', hour: '小时', day: '天', workday: '工作日', preview: '先看影响', confirm: '确认修改', confirmLate: '仍然修改', effect: '影响', effectNone: '没有正在办理的工单受影响。', effectText: '正在办理的{open}件里，{moved}件的期限会变。', effectLate: '其中{n}件会马上超时：', reset: '恢复默认', done: '已修改，期限已重新计算', number: '请填大于0的整数',
    addDay: '加一段日子', holiday: '放假', makeup: '上班', name: '名称', nameHint: '如：防汛值守', notice: '国务院安排', ofOwn: '本级自定', ofStreet: '街道规定', removeDay: '删掉这一段', needDay: '请选日子并写名称', noDays: '今天以后没有安排', perDay: '每个工作日共{n}分钟', defaultFrames: '没有改过，用默认工作时间', ownFrames: '本级自定；默认是{frames}', seeGrids: '看网格和在岗情况', same: '和原来一样，没有要改的', minutes: '{n}分钟', hours: '{n}小时', days: '{n}天', workdays: '{n}个工作日', until: '{from}–{until}',
  },
  unseal: {
    title: '匿名解封', pending: '等同意', all: '全部', empty: '没有申请', emptyText: '确有必要时，在匿名工单里申请。', request: '申请查看报告人', lead: '匿名报告人受保护。申请要写明理由，由另一位街道工作人员同意；报告人会收到通知和理由，全程留痕。', reason: '为什么必须知道', reasonHint: '如：现场无法确认位置，须联系本人救助', send: '提交申请', sent: '已提交，等第二人同意', need: '请写明理由', by: '{who}申请', at: '{at}前决定', decided: '{who} {at}', consent: '同意', decline: '不同意', consentAsk: '同意后，您和申请人一天内能看到报告人，报告人会收到通知。', declineAsk: '不同意，报告人继续匿名。', see: '查看报告人', seen: '每次查看都会记录', none: '报告人没有留姓名和电话', open: '{at}前可查看', ticket: '看工单', door: '匿名上报。确有必要时可申请查看报告人，须两人同意。',
  },
  audit: { title: '操作记录', all: '全部', empty: '没有记录', emptyText: '换个类型看看。', somebody: '未填姓名（尾号{id}）', system: '未登录', refused: '越权被拒', phone_seen: '查看电话', unsealed_seen: '查看匿名', setting_changed: '改设置', invited: '邀请', post_ended: '岗位终止', organisation_changed: '改单位', exported: '导出', sign_in_failed: '登录失败', readonly: '只能看，不能改；保存三年。', from: '来自{address}' },
}

type Tables = { [S in keyof typeof zh]?: Partial<(typeof zh)[S]> }

const en: Tables = {
  office: {
    title: 'Posts and setup', mine: 'My posts', open: 'To do', soon: 'Due soon', overdue: 'Overdue', days: 'Absence', set: 'Mark absence', change: 'Change', back: 'Back again', hintHead: 'Meanwhile the deputy answers; else the person on duty; else the community.', hint: 'Meanwhile colleagues or the level above answer.',
    away: 'Away {from} to {until}', awayOpen: 'Away from {from}, no end yet', on: 'On duty', tillOpen: 'No end yet', range: 'Tap the first day, then the last', chosen: '{from} to {until}', saved: 'Absence marked', backSaved: 'On duty again',
    adminTitle: 'Admins handle no tickets', adminText: 'Posts, organisations and limits are set up here.', auditorTitle: 'Auditors read', auditorText: 'You see tickets but do not handle them; who did what is in the audit trail.', none: 'You hold no post yet', noneText: 'Redeem your invitation here.', doors: 'What you can do', of: 'In: {path}',
  },
  door: {
    desk: 'Posts and setup', deskHint: 'My posts, absence, stairwell codes', behalf: 'On behalf / patrol', behalfHint: 'Report for somebody, or what you saw', patrol: 'Report from patrol', patrolHint: 'What you saw in the estates you serve', code: 'Places and codes', codeHint: 'Whose grid a place is; its stairwell code', grids: 'Grids', gridsHint: 'What they cover, who is on duty', posts: 'Posts and invitations', postsHint: 'Invite, absence, end a post', organisations: 'Organisations', organisationsHint: 'Companies and departments', settings: 'Limits and calendar', settingsHint: 'Limits, holidays, working hours', unsealings: 'Anonymous reports', unsealingsHint: 'Opening one takes two people', audit: 'Audit trail', auditHint: 'Who did what and when', redeem: 'Redeem an invitation', redeemHint: 'Type the code', wishes: 'Notices', wishesHint: 'Which ones, and quiet nights',
  },
  behalf: { title: 'Who found it', seen: 'I saw it', told: 'For somebody', hintSeen: 'Seen on patrol or on the way.', hintPartner: 'Seen in an estate you serve.', name: 'Name', phone: 'Phone', nameHint: 'e.g. Mrs Wang', phoneHint: 'So that handlers can call', way: 'How it came', call: 'Phone call', visit: 'Visit to us', door: 'Home visit', hintTold: 'Name and phone are optional; only handlers see them. How it came stands in what happened.' },
  code: { title: 'Places and codes', choose: 'Choose a place', scan: 'Scan code', lead: 'See whose grid a place is, and fetch the code to put up in the stairwell.', grid: 'Grid', noGrid: 'No grid; tickets go to the community', path: 'Where', picture: 'Stairwell code', big: 'Enlarge', save: 'Save to album', saved: 'Saved; ready to print', denied: 'Not saved; press long on the large picture', hint: 'Whoever scans it reports from here.', empty: 'No place chosen yet', label: 'Code of {place}' },
  grids: { title: 'Grids', covers: 'Covers', nothing: 'Nothing', open: '{n} open', people: 'On duty', vacant: 'Vacant', invited: 'Invited', unnamed: 'Held (no name given)', away: 'Away until {until}', awayOpen: 'Away', invite: 'Invite', without: 'Covered by no grid', withoutText: 'Tickets from there go to the community.', empty: 'No grids yet', emptyText: 'Cut grids on a computer.', pc: 'Cut grids on a computer.', vacancies: '{n} vacant', answers: 'Answers today' },
  posts: { title: 'Posts and invitations', all: 'All', held: 'Held', vacant: 'Vacant', invite: 'Invite somebody', until: 'Code valid until {at}', lapsed: 'The code has lapsed; take it back and invite again', absent: 'Mark absence', back: 'Back again', end: 'End post', revoke: 'Take back', endAsk: '{label} can handle nothing here from then on.', revokeAsk: 'The code will no longer work.', ended: 'Ended', revoked: 'Taken back', empty: 'No posts yet', emptyText: 'Invite the first colleague below.', more: 'Options' },
  invite: { title: 'Invite', role: 'Which post', where: 'Where', company: 'Which organisation', make: 'Make a code', made: 'Invitation code', once: 'Works once, until {at}. Not shown again.', copy: 'Copy', share: 'Send in WeChat', how: 'They type it under “Me”, or tap the card you send.', again: 'Invite another', shareTitle: 'You are invited as {label}', need: 'Choose a post and a place', noCompany: 'No organisations here yet', gridOf: 'Grids of {place}' },
  role: { member: 'Grid member', head: 'Grid head', deputy: 'Deputy', duty: 'On duty', community: 'Community', street: 'Street', auditor: 'Auditor', admin: 'Admin', agent: 'Agent' },
  redeem: { title: 'Redeem an invitation', lead: 'With it you can handle tickets in this post.', code: 'Code', hint: '10 letters and digits', yes: 'Redeem', done: 'You hold the post', go: 'To work', need: 'Type the code' },
  orgs: { title: 'Organisations', empty: 'None here yet', emptyText: 'Once added, tickets can be dispatched to them.', add: 'Add', edit: 'Organisation', name: 'Name', kind: 'Kind', property: 'Property company', department: 'Department', places: 'Serves', addPlace: 'Add a place', skills: 'Default for', skillsHint: 'Suggested first for these', removePlace: 'Remove {place}', saved: 'Saved', need: 'Name it', needPlaces: 'Choose a place', theirs: 'It also serves places that are not yours; the street can change it', adminOnly: 'Only those that have an agent; the whole list is for community and street', agents: 'Invite an agent', where: 'Where' },
  settings: {
    title: 'Limits and calendar', limits: 'Limits', calendar: 'Holidays', frames: 'Hours', grids: 'Grids', pc: 'On the phone: one category, one stretch of days. The rest on a computer.', accept: 'Accept', acknowledge: 'Take', resolve: 'Done', around: 'around the clock', working: 'working hours', own: 'Own', edit: 'Change limit', minute: 'min', hour: 'h', day: 'days', workday: 'workdays', preview: 'See the effect', confirm: 'Change it', confirmLate: 'Change anyway', effect: 'Effect', effectNone: 'No open ticket is affected.', effectText: 'Of {open} open tickets {moved} move.', effectLate: '{n} become overdue at once:', reset: 'Back to default', done: 'Changed and recomputed', number: 'A whole number above 0',
    addDay: 'Add days', holiday: 'Holiday', makeup: 'Workday', name: 'Name', nameHint: 'e.g. flood watch', notice: 'State Council', ofOwn: 'Own', ofStreet: 'Street', removeDay: 'Remove these', needDay: 'Choose days and name them', noDays: 'Nothing ahead', perDay: '{n} minutes a day', defaultFrames: 'Unchanged, the default', ownFrames: 'Own; default is {frames}', seeGrids: 'See grids and posts', same: 'Nothing changed', minutes: '{n} min', hours: '{n} h', days: '{n} d', workdays: '{n} workdays', until: '{from}–{until}',
  },
  unseal: { title: 'Anonymous reports', pending: 'Pending', all: 'All', empty: 'No requests', emptyText: 'Ask from an anonymous ticket when it must be.', request: 'Ask who reported', lead: 'Anonymous reporters are protected. Give a reason; another person of the street has to consent; the reporter is told, and all is recorded.', reason: 'Why you have to know', reasonHint: '', send: 'Send request', sent: 'Sent', need: 'Give a reason', by: 'Asked by {who}', at: 'Decide by {at}', decided: '{who} {at}', consent: 'Consent', decline: 'Decline', consentAsk: 'You and who asked can see the reporter for a day; the reporter is told.', declineAsk: 'The reporter stays anonymous.', see: 'See reporter', seen: 'Each look is recorded', none: 'No name, no phone', open: 'Open until {at}', ticket: 'See ticket', door: 'Anonymous. If it must be, two people together can open it.' },
  audit: { title: 'Audit trail', all: 'All', empty: 'Nothing', emptyText: 'Try another kind.', somebody: 'No name ({id})', system: 'Not signed in', refused: 'Refused', phone_seen: 'Phone seen', unsealed_seen: 'Opened', setting_changed: 'Settings', invited: 'Invited', post_ended: 'Post ended', organisation_changed: 'Organisation', exported: 'Exported', sign_in_failed: 'Failed sign-in', readonly: 'Read-only; kept three years.', from: 'from {address}' },
}

const kk: Tables = {}

export const office = { zh, en, kk }
