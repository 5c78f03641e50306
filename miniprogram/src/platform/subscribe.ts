// WeChat's question whether the program may send subscribe messages. It is refused anywhere but straight in the
// handler of a tap, before any await.
export type Answer = 'accept' | 'reject'

const MOST = 3 // templates in one question

/**
 * Ask for `templates`. `answered` gets the user's answers, and those WeChat will give by itself from now on. What
 * WeChat itself holds back (a banned template) is no answer.
 */
export function askToSubscribe(
  templates: readonly string[],
  answered: (answers: ReadonlyMap<string, Answer>, kept: ReadonlyMap<string, Answer>) => void,
): void {
  if (!templates.length) return
  const tmplIds = templates.slice(0, MOST)
  wx.requestSubscribeMessage({
    tmplIds,
    success: (result) => {
      const answers = answersIn(result, tmplIds)
      wx.getSetting({
        withSubscriptions: true,
        success: ({ subscriptionsSetting }) =>
          answered(answers, answersIn(subscriptionsSetting?.itemSettings ?? {}, tmplIds)),
        fail: () => answered(answers, new Map()),
      })
    },
    fail: () => undefined, // the user has switched all messages off
  })
}

function answersIn(given: object, templates: readonly string[]): Map<string, Answer> {
  const values = given as Record<string, string>
  const answered = templates.filter((id) => values[id] === 'accept' || values[id] === 'reject')
  return new Map(answered.map((id) => [id, values[id] as Answer]))
}
