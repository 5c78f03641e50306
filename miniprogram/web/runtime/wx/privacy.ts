/** The calls about WeChat's privacy agreement. */
import { harness } from '../harness'
import { asyncCall, type CallOptions } from './asyncCall'
import { askedBy } from './privacyAgreement'

export const onNeedPrivacyAuthorization = askedBy

export const getPrivacySetting = (options?: CallOptions) =>
  asyncCall('getPrivacySetting', options, () => ({
    needAuthorization: !harness.privacyAgreed,
    privacyContractName: '《楼灯小程序隐私保护指引》',
  }))

export const requirePrivacyAuthorize = (options?: CallOptions) =>
  asyncCall('requirePrivacyAuthorize', options, () => undefined)

export const openPrivacyContract = (options?: CallOptions) =>
  asyncCall('openPrivacyContract', options, () => undefined)
