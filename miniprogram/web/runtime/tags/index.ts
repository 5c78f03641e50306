/** WeChat's tags as custom elements: `view` is <wx-view>. */
import { Button } from './button'
import { Image } from './image'
import { Input, Textarea } from './textInput'
import { Label, Form } from './form'
import { Navigator } from './navigator'
import { ScrollView } from './scroll-view'
import { Swiper } from './swiper'
import { Tag } from './tag'
import { PageMeta, RichText, RootPortal, Text } from './simple'

const TAGS: Record<string, CustomElementConstructor> = {
  view: class View extends Tag {},
  text: Text,
  image: Image,
  button: Button,
  input: Input,
  textarea: Textarea,
  'scroll-view': ScrollView,
  swiper: Swiper,
  'swiper-item': class SwiperItem extends Tag {},
  navigator: Navigator,
  form: Form,
  label: Label,
  'rich-text': RichText,
  'root-portal': RootPortal,
  'page-meta': PageMeta,
  'cover-view': class CoverView extends Tag {},
  'cover-image': class CoverImage extends Image {},
}

for (const [name, element] of Object.entries(TAGS)) customElements.define(`wx-${name}`, element)

export const isBuiltin = (tag: string): boolean => tag in TAGS
