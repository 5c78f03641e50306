// 简体中文：工作人员和承办单位看到的文字。
export const staffZh = {
  desk: {
    title: '工作台', due: '待办', overdue: '已超时', unassigned: '待分派', fresh: '待受理', accepted: '处置中', dispatched: '已派遣', claimed: '待核实', waiting: '挂起', resolved: '待评价', all: '全部', take: '待接单', working: '处理中',
    search: '搜索工单', searchHint: '门牌号、类别、描述或编号', searchNone: '没有找到', searchNoneText: '换个词，或少写几个字再试。', recent: '最近搜过', clear: '清空', searchLead: '搜您辖区里的全部工单',
    empty: '都办完了', emptyText: '新的工单来了会出现在这里。', emptyTab: '这里没有工单', emptyTabText: '切到“待办”看看还有什么。',
    yoursNew: '等您受理', yoursAssign: '等您分派', yoursTake: '等您接单', yoursWork: '您正在处理', yoursVerify: '承办单位报完工，等您核实', partnerClaimed: '已报完工，等网格核实', yoursPart: '吹哨了，等您报到', yoursReport: '您已报到，等您反馈',
    urged: '催{n}次', followers: '{n}人也遇到', dissent: '{n}人说还没好', verify: '待核实', level2: '社区办', level3: '街道办', photos: '{n}张照片', gone: '已转到“{tab}”',
    detail: '工单', happened: '刚刚的变化', by: '{who}：{what}（{at}）', again: '接着{action}', kept: '您写的内容还在', toNote: '转为内部备注', left: '这张工单已经转走，不再由您办理。下面是您最后看到的情况。', limits: '时限', accept: '受理', acknowledge: '接单', resolve: '办结', until: '挂起到', doneAt: '{at} 已完成', dueAt: '{at} 前', facts: '工单信息',
    claimTitle: '承办单位报完工', claimText: '请到现场或看照片核实：办好了点“核实办结”，没办好点“收回”。', claimMore: '请看现场照片', mergedInto: '已并入 {no}，点开查看', level: '层级', level1n: '网格', level2n: '社区', level3n: '街道', origin: '来源', resident: '居民上报', staff: '工作人员代报', partner: '承办单位上报', open311: '开放接口',
    phone: '查看电话', phoneAsk: '查看会留下记录，报告人看得到谁看过。确定查看？', phoneShown: '本次查看已记录', call: '拨打', described: '没有文字说明', dissentNote: '{n}位关注的邻居说问题还在，请再去看看。', note: '内部备注', comment: '公开留言', allActs: '更多办法', mapOpen: '现场位置',
    calledTitle: '吹哨报到', calledWait: '等报到，限{at}', calledLate: '报到已超时，限{at}', calledHere: '{at} 已到场', calledDone: '{at} 已反馈', calledFree: '{at} 已解除',
    mergeTitle: '并入哪张工单', mergeLead: '选中后，本单的报告人改为关注那张工单，进展照样通知。', near: '同一地点、同类问题', mine: '辖区里的同类待办', found: '搜索结果', none: '没有可以并入的工单，可以搜编号或门牌号。', mergeAsk: '并入 {no}（{where}）？',
    hours: '{n}小时', workdays: '{n}个工作日', halfday: '半个工作日', usual: '常派',
  },
  clock: { arrive: '报到' },
  action: { arrive: '报到', note: '内部备注', redo: '重新办理', verify: '核实办结' },
  field: {
    textNote: '写给同事和承办单位', textReport: '到场情况和处理结果', textCallUp: '请各单位做什么', textSettle: '现场看到了什么', noteDispatch: '给承办单位的话', photosAfter: '办好后的照片', callUps: '叫哪些单位', releaseWhom: '解除哪个单位', placeRight: '正确的地点，点下面选', textHandBack: '说明（已接单的要写明或拍照）',
    saidNote: '只有工作人员和承办单位看得到，报告人看不到。', saidComment: '报告人和关注的邻居都看得到。', saidWait: '挂起期间办结计时暂停，最长五个工作日；再次挂起由上级决定。', saidReject: '原因会原样告诉报告人，报告人可以申诉一次。', saidExtend: '只能延一次，报告人会收到通知。', saidCallUp: '每个单位各自计时，全部反馈或解除后才能办结。',
  },
  choice: { patrol: '巡查', visit: '上门走访', call: '来电', walk_in: '来访' },
  event: { inside: '内部', proposed: '建议派给{name}', until: '到{at}' },
  why: {
    redo: '没办好，重新处理', verify: '已核实办好，写一句结果',
    accept: '由您负责，停止受理计时', take: '由您单位处理', dispatch: '交给物业或部门处理', resolve: '写一句结果，拍张照', recall: '从承办单位收回自己办', wait: '等配件、天气等，暂停计时', ask: '等报告人回话，暂停计时', resume: '恢复计时，继续处理', recategorise: '时限按新类别重新计算', merge: '和别人报的是同一件事', unmerge: '恢复成单独的工单', escalate: '请上一级来办，计时继续', return: '交回下一级，只能退一次', reassign: '地点不对，换到正确的网格', not_mine: '交社区重新分派', extend: '只能延一次，要写原因', call_up: '叫几个部门一起到场', report: '说明您单位办了什么', release: '不再需要某个单位', settle: '现场核实后结案', reopen: '没办好，重新处理', reject: '写明原因，告诉报告人', hand_back: '不归本单位管', comment: '报告人看得到', note: '报告人看不到', urge: '提醒负责人',
  },
}
