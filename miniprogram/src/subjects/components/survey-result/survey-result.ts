// What came of a survey that is over: who took part, each question with bars and numbers in words, of a vote the verdict in
// one sentence, and the company's tickets beside. Property: `survey`.
import { messageOf } from '../../../domain/errorMessage'
import type { Survey } from '../../../services/shapes'
import { getSurveyResult } from '../../../services/surveys'
import { defineComponent } from '../../../ui/component'
import { type ResultView, resultView } from '../../domain/surveyResult'
import '../../words/index'

defineComponent({
  words: ['survey'],
  props: { survey: null as (Survey & { noun: 'survey' }) | null },
  data: { view: null as ResultView | null, trouble: '' },
  instanceFields: { asked: '' },
  observe: 'survey',
  async update() {
    const { survey } = this.data
    if (!survey) return
    this.asked = survey.id
    try {
      const result = await getSurveyResult(survey.id)
      if (this.asked === survey.id) this.setData({ view: resultView(survey, result), trouble: '' })
    } catch (error) {
      this.setData({ trouble: messageOf(error) })
    }
  },
})
