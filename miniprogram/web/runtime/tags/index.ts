/** WeChat's own tags as elements of the browser's: `view` is <wx-view>. */
import { Button } from './button'
import { Image } from './image'
import { Input, Textarea } from './typing'
import { Label, Form } from './form'
import { Navigator } from './navigator'
import { ScrollView } from './scroll-view'
import { Swiper } from './swiper'
import { Tag } from './tag'
import { PageMeta, RichText, RootPortal, Text } from './small'

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

for (const [name, made] of Object.entries(TAGS)) customElements.define(`wx-${name}`, made)

export const isBuiltin = (tag: string): boolean => tag in TAGS
