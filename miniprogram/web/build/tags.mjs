/** WeChat's tags in the harness, with their attributes and events. Anything else fails the build. */
const words = (text) => new Set(text.split(' ').filter(Boolean))
const tag = (attributes, events = '') => ({ attributes: words(attributes), events: words(events) })

/** Tags that the template compiler handles. */
export const TEMPLATE_TAGS = words('block template slot import include wxs')

/** Tags that say by themselves that they are tapped, and the roles of others that are. */
export const TAPPED_TAGS = words('button input textarea navigator label')
export const TAPPED_ROLES = words('button checkbox link menuitem option radio switch tab')

export const EVERYWHERE = {
  attributes: words(
    'id class style hidden slot name is generic hover-class hover-start-time hover-stay-time hover-stop-propagation dir role',
  ),
  events: words(
    'tap longpress longtap touchstart touchmove touchend touchcancel transitionend animationstart animationiteration animationend',
  ),
}

const TYPING =
  'value type placeholder placeholder-style placeholder-class disabled maxlength focus auto-focus confirm-type confirm-hold ' +
  'cursor-spacing cursor selection-start selection-end adjust-position hold-keyboard always-embed password safe-password-cert-path'

export const TAGS = {
  view: tag(''),
  text: tag('user-select space decode overflow max-lines'),
  image: tag('src mode lazy-load webp show-menu-by-longpress fade-in', 'load error'),
  button: tag(
    'size type plain disabled loading form-type open-type lang session-from send-message-title send-message-path send-message-img ' +
      'app-parameter show-message-card phone-number-no-quota-toast activity-type entrance-path need-show-entrance',
    'getphonenumber getrealtimephonenumber agreeprivacyauthorization opensetting contact error chooseavatar getuserinfo launchapp ' +
      'createliveactivity phoneoneclicklogin',
  ),
  input: tag(TYPING, 'input focus blur confirm keyboardheightchange nicknamereview'),
  textarea: tag(
    `${TYPING} auto-height fixed show-confirm-bar disable-default-padding`,
    'input focus blur confirm linechange keyboardheightchange',
  ),
  'scroll-view': tag(
    'scroll-x scroll-y upper-threshold lower-threshold scroll-top scroll-left scroll-into-view scroll-with-animation enable-flex ' +
      'enable-back-to-top scroll-anchoring enhanced bounces show-scrollbar paging-enabled fast-deceleration refresher-enabled ' +
      'refresher-triggered refresher-threshold refresher-default-style refresher-background using-sticky',
    'scroll scrolltoupper scrolltolower refresherrefresh refresherpulling refresherrestore refresherabort dragstart dragging dragend',
  ),
  swiper: tag(
    'indicator-dots indicator-color indicator-active-color autoplay current interval duration circular vertical previous-margin ' +
      'next-margin display-multiple-items snap-to-edge easing-function',
    'change transition animationfinish',
  ),
  'swiper-item': tag('item-id skip-hidden-item-layout'),
  navigator: tag('target url open-type delta', 'success fail complete'),
  form: tag('report-submit report-submit-timeout', 'submit reset'),
  label: tag('for'),
  'rich-text': tag('nodes space user-select'),
  'root-portal': tag('enable'),
  'page-meta': tag(
    'background-text-style background-color background-color-top background-color-bottom root-background-color scroll-top ' +
      'scroll-duration page-style root-font-size page-font-size page-orientation',
    'resize scroll scrolldone',
  ),
  'cover-view': tag('scroll-top'),
  'cover-image': tag('src', 'load error'),
}
