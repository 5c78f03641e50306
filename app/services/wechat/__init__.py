"""WeChat's server API: the one place that calls it."""

from app.services.wechat.account import is_configured
from app.services.wechat.account_templates import AccountTemplate, account_templates
from app.services.wechat.checks import MAX_TEXT, Scene, TextVerdict, as_verdict, check_image, check_text
from app.services.wechat.client import NoAnswer, WeChatError, close, setup_problem
from app.services.wechat.codes import is_released, mini_program_code, url_link
from app.services.wechat.messages import send_message
from app.services.wechat.phone_number import phone_of
from app.services.wechat.reachable import is_reachable
from app.services.wechat.sign_in import openid_of
from app.services.wechat.tokens import check_account

__all__ = [
    "MAX_TEXT",
    "AccountTemplate",
    "NoAnswer",
    "Scene",
    "TextVerdict",
    "WeChatError",
    "account_templates",
    "as_verdict",
    "check_account",
    "check_image",
    "check_text",
    "close",
    "is_configured",
    "is_reachable",
    "is_released",
    "mini_program_code",
    "openid_of",
    "phone_of",
    "send_message",
    "setup_problem",
    "url_link",
]
