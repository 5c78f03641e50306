// 简体中文：所有给人看的文字都在这里，别处不写。
import { office } from './office'

export const zh = {
  ...office.zh,
  common: {
    app: '楼灯', retry: '重新加载', cancel: '取消', ok: '确定', close: '关闭', more: '更多', save: '保存', back: '返回',
    loading: '正在加载…', optional: '选填', required: '请填写这一项', call: '拨打', remove: '删除', change: '更换', saved: '已保存',
    noMore: '没有更多了', emptyTitle: '这里还没有内容', offlineTitle: '网络不通', offlineText: '请检查网络。没有发出的内容都在手机里，联网后会自动发送。',
    errorTitle: '没有加载出来', stale: '显示的是之前的内容', news: '有新消息，点这里刷新',
  },
  problem: {
    offline: '网络不通，请检查网络后再试', timeout: '网络太慢，没有等到回应，请再试一次', server: '服务器暂时不可用，请稍后再试',
    refused: '这件事现在不能这样做', hurry: '操作太频繁，请在{when}后再试', too_large: '照片太大了，请换一张或重新拍', forbidden: '您没有权限做这件事',
    not_found: '没有找到，或您看不到它', faster: '工单刚刚有了变化，下面是最新情况', invalid: '请按标出的提示修改',
  },
  time: {
    seconds: '{n}秒', minutes: '{n}分钟', minutesSeconds: '{m}分{s}秒', hours: '{h}小时', hoursMinutes: '{h}小时{m}分', days: '{d}天', daysHours: '{d}天{h}小时',
    today: '今天 {clock}', yesterday: '昨天 {clock}', tomorrow: '明天 {clock}', date: '{month}月{day}日 {clock}', far: '{year}年{month}月{day}日 {clock}',
    dayToday: '今天', dayTomorrow: '明天', day: '{month}月{day}日', week0: '周日', week1: '周一', week2: '周二', week3: '周三', week4: '周四', week5: '周五', week6: '周六',
  },
  tabs: { report: '上报', mine: '我的报修', notices: '消息', me: '我的', work: '工作台' },
  status: { new: '待受理', accepted: '处置中', dispatched: '已派遣', waiting: '挂起', resolved: '已办结', closed: '已结案', rejected: '不予受理', merged: '已并案' },
  clock: {
    accept: '受理', acknowledge: '接单', resolve: '办结', left: '{what}还剩{left}', late: '{what}已超时{left}', paused: '暂停到{until}', due: '{what}期限 {at}',
  },
  turn: {
    new: '等{holder}受理', accepted: '{holder}正在处理', dispatched: '等{organisation}接单', taken: '{organisation}正在处理', waiting: '已暂停，等条件具备再处理',
    answer: '等您答复', resolved: '等报告人评价', confirm: '等您评价', closed: '已结束', rejected: '没有受理', appeal: '没有受理，您可以申诉', merged: '已并入同一问题的工单', nobody: '等社区分派',
  },
  home: {
    title: '楼灯', hello: '哪里坏了？', lead: '点一下问题，拍张照，就交给负责您这栋楼的网格长。', where: '在哪里', noPlace: '请选择地点', scan: '扫楼道码', search: '搜门牌号',
    attention: '等您处理', urgent: '有危险？先打电话', all: '其他问题', unsent: '{n}件没有发出，联网后自动发送', refused: '有一件没有被接收，点这里修改', resume: '上次没写完', resumeText: '继续填写', scanFailed: '没有扫到楼道码，可以搜门牌号', unknownCode: '这个码不是楼灯的楼道码', maybe: '有一件可能早已发出，请点开看一下',
  },
  report: {
    title: '上报问题', emergency: '请先拨打 {phone}', emergencyText: '有人身危险时先打电话，再提交，网格长会同时收到。', callNow: '拨打 {phone}', photos: '照片', photosHint: '拍清楚坏在哪里，最多9张', text: '说明', textHint: '如：三楼声控灯不亮。照片说得清就不用写', note: '具体位置', noteHint: '如：3楼电梯口',
    anonymous: '匿名上报', anonymousHint: '办理人员看不到您是谁，您仍能看进度、评价', submit: '提交', sending: '正在提交 {n}%', sendingNow: '正在提交', done: '已上报', doneText: '{holder}会收到，受理后马上告诉您', kept: '已存在手机里', keptText: '现在没有网络。联网后自动发送，不用再填。', keptBusy: '服务器暂时没有回应。稍后自动发送，不用再填。',
    similar: '可能已有人报过', similarHint: '同一件事点“我也遇到”，进度一样会通知您', metoo: '我也遇到', followed: '已关注', followers: '{n}人遇到', need: '请拍照或写几个字', needPlace: '请选择地点', see: '查看进度', again: '再报一件', ask: '办好后通知我', position: '当前位置（{lat}，{lng}）', leave: '填写的内容已存为草稿', category: '问题',
  },
  place: {
    title: '选择地点', search: '门牌号，如 944号4单元3楼', none: '没有找到这个地址，请换个写法，或从下面一级一级选', browse: '按级选择', here: '就选这里', whole: '就选“{name}”', use: '用我现在的位置', useHint: '路上、绿地等没有门牌号的地方', noLocation: '没有得到位置，可以搜门牌号', top: '全部', found: '搜索结果',
  },
  mine: { title: '我的报修', mine: '我上报的', following: '我关注的', emptyMine: '您还没有上报过', emptyMineText: '楼道灯不亮、下水道堵了，都可以在这里报。', emptyFollowing: '您还没有关注的工单', emptyFollowingText: '别人报过的同一件事，点“我也遇到”就会出现在这里。', go: '去上报', unsent: '还没有发出' },
  ticket: {
    title: '工单详情', no: '编号', before: '上报时', after: '办结后', result: '办理结果', timeline: '办理过程', described: '情况说明', place: '地点', at: '上报时间', anonymous: '匿名', followers: '{n}人也遇到', urged: '催过{n}次', rating: '评价', holder: '负责', organisation: '承办', question: '请您答复', answerNow: '答复', follow: '我也遇到', unfollow: '取消关注', followed: '已关注，有进展会通知您', unfollowed: '已取消关注', photo: '照片，点开看大图', mineTurn: '轮到您了', noText: '没有文字说明，请看照片',
    urge1: '已经催办，负责人会收到提醒', done: '已完成', rescued: '您写的话留在“留言”里', origin_staff: '工作人员上报', reporter: '报告人', phone: '电话',
  },
  action: {
    edit: '补充修改', withdraw: '撤回', accept: '受理', reject: '不予受理', appeal: '申诉', recategorise: '改类别', merge: '并案', unmerge: '取消并案', dispatch: '派遣', take: '接单', hand_back: '退回', recall: '收回', wait: '挂起', resume: '恢复处置', ask: '询问报告人', answer: '答复', resolve: '办结', confirm: '确认评价', settle: '核实结案', reopen: '还没修好', escalate: '上报上级', return: '退回下级', reassign: '改派网格', not_mine: '不属于本网格', extend: '延期', call_up: '吹哨', report: '报到反馈', release: '解除吹哨', urge: '催办', comment: '留言', vote: '反馈是否修好',
  },
  ask: {
    withdraw: '撤回后这件事就结束了，确定撤回？', accept: '受理后由您负责处理。', take: '接单后开始处理。', recall: '收回后由您继续处理。', resume: '恢复后办结期限继续计时。', unmerge: '确定取消并案？', urge: '催办后负责人会收到提醒，一小时内只能催一次。',
  },
  field: {
    text: '说明', note: '备注', reason: '原因', photo_ids: '照片', until: '到什么时候', outcome: '结果', verdict: '修好了吗', rating: '满意吗', organisation_id: '派给谁', organisation_ids: '叫谁来', proposed_organisation_id: '建议派给谁', category: '类别', place_id: '地点', minutes: '延长多久', into: '并入哪张工单', description: '说明', internal: '只给工作人员看', still_there: '现在还有这个问题吗',
    textAppeal: '为什么应该受理', textReopen: '哪里还没修好', textAnswer: '写下答复', textComment: '想说什么', textResolve: '做了什么，如：换了灯泡', textAsk: '想问什么', textReject: '告诉报告人为什么',
  },
  choice: {
    solved: '修好了', partly: '好了一部分', true: '还有', false: '没有了',
    fixed: '已修好', partial: '部分解决', explained: '已解释说明', referred: '已转介', listed: '已挂账', no_fault: '现场无故障', withdrawn: '报告人撤回', silent: '未评价', not_solved: '没有解决',
    not_ours: '不属于本辖区管理', private_matter: '属于私人事务', duplicate: '重复上报', unclear: '情况不清楚', illegal_request: '诉求不合法',
    parts: '等待配件', weather: '天气原因', access: '无法进入现场', fund: '等待资金', third_party: '等待第三方', question: '等待报告人答复',
    not_our_place: '不是我们服务的地方', not_our_trade: '不是我们的业务', no_contract: '不在合同范围内', needs_other: '需要其他单位处理',
    star1: '很不满意', star2: '不满意', star3: '一般', star4: '满意', star5: '很满意', halfDay: '半天', oneDay: '一天', threeDays: '三天',
  },
  event: {
    submitted: '已上报', edited: '已补充修改', withdrawn: '已撤回', accepted: '已受理', rejected: '不予受理', appealed: '已申诉', recategorised: '已改类别', merged: '已并案', unmerged: '已取消并案', dispatched: '已派遣', taken: '已接单', handed_back: '已退回', recalled: '已收回', waiting: '已挂起', resumed: '已恢复处置', asked: '已询问报告人', answered: '报告人已答复', claimed: '承办单位报完工', resolved: '已办结', confirmed: '报告人已确认', settled: '已结案', reopened: '已重新办理', escalated: '已转上级', returned: '已退回下级', reassigned: '已改派', extended: '已延期', called_up: '已吹哨', reported: '已报到反馈', released: '已解除吹哨', urged: '已催办', commented: '留言', reminded: '临期提醒', overdue: '已超时',
    timer: '系统计时', internal: '仅工作人员可见',
  },
  notices: { title: '消息', readAll: '全部已读', empty: '还没有消息', emptyText: '工单有进展时，会在这里告诉您。', unread: '未读' },
  me: {
    title: '我的', wishes: '消息提醒', guest: '居民', home: '我家地址', homeHint: '设好后上报不用再选地点', phone: '电话', phoneNone: '未填写', phoneHint: '方便办理人员联系您，可以不填', phoneVerified: '已验证', phoneButton: '用微信手机号', phoneType: '自己填写', phoneLabel: '手机号', language: '语言', size: '字号', size1: '标准', size2: '大', size3: '特大', sample: '楼道灯不亮，三楼到四楼都是黑的。', data: '我的数据', scan: '扫码登录电脑', scanHint: '在电脑上打开楼灯，扫屏幕上的二维码', privacy: '隐私保护指引', logout: '退出登录', leaveUnsent: '还有没发出的上报，退出后会删除。确定退出？', switch: '换一个人物', name: '称呼', nameHint: '怎么称呼您', posts: '我的职务', invite: '填写邀请码', inviteHint: '社区或街道给您的一次性邀请码', invited: '已绑定职务', unset: '未设置',
  },
  data: {
    title: '我的数据', export: '导出我的全部数据', exportHint: '您上报的、说过的、谁看过您的电话，全在里面', disagree: '撤回同意', disagreeHint: '撤回后不能再上报，已有的信息留到您注销；下次上报时可以重新同意。', disagreeAsk: '撤回后不能再上报，直到重新同意。', exported: '已复制，可粘贴到备忘录或发给自己', count: '{tickets}件工单，{photos}张照片，{notices}条消息', erase: '注销并删除', eraseHint: '姓名、电话、微信标识和照片立即删除，不能恢复。', openTickets: '还没办完的工单怎么办？', keep: '留着继续办，不再显示是我', withdraw: '全部撤回', confirm: '我明白，注销', erased: '已注销，再见', drafts: '没有发出的内容也会一起删除',
  },
  scan: { title: '登录电脑', ask: '有一台电脑想用您的身份登录楼灯', warn: '只有您自己正在用那台电脑时才点同意。', yes: '同意登录', no: '不是我', done: '已同意，请看电脑', bad: '这不是登录用的二维码' },
  consent: { title: '隐私保护指引', agree: '同意', refuse: '暂不同意', read: '阅读全文', lead: '用楼灯上报，需要您先同意：', points: '只用您上报的内容来办事；姓名、电话、位置可以不给；随时可以匿名、导出、删除。', failed: '没有加载出来，请再点一次' },
  welcome: { title: '楼灯', lead: '晚上报的楼道灯，睡前就亮。', choose: '选一个演示人物登录', staff: '工作人员', residents: '居民' },
  wishes: {
    title: '消息提醒', mine: '我的上报', mine_hint: '我上报的问题的受理、派遣、办结等进展', comments: '留言', comments_hint: '工单里的新留言', work: '办理进展', work_hint: '我办理的工单的接单、评价等进展', reminders: '提醒', reminders_hint: '快到期限的提醒和催办', quiet_nights: '夜间不打扰', quiet_nights_hint: '{begins}到{ends}，不急的消息早上再告诉我',
    kept: '新派来的工单、超期提醒和办理人员向您的提问始终通知，不能关闭。',
  },
  photo: { add: '拍照或选图', addShort: '添加', remove: '删除这张照片', big: '第{n}张照片', failed: '没传上去', missing: '没有加载出来', uploading: '正在上传' },
  outbox: { sent: '之前没发出的{n}件已自动发送', title: '没有发出', waiting: '等网络恢复，自动发送', refused: '没有被接收', maybe: '放了一天以上，可能早已发出：您有一件同样的上报 {no}', see: '查看那一件', again: '仍要发送', now: '现在发送', edit: '修改', remove: '不要了' },
  work: { title: '工作台', inbox: '待办', unassigned: '待分派', all: '全部', empty: '都办完了', emptyText: '新的工单来了会出现在这里。' },
}
