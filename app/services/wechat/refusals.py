"""What an errcode of WeChat means for the person who asked."""

from app.errors import Invalid, Refusal, Risky, TooMany, Unauthenticated, Unavailable
from app.rules import wechat_errors
from app.rules.wechat_errors import Kind, Use
from app.services.wechat.client import WeChatError


def refusal(error: WeChatError, use: Use) -> Refusal:
    """Return the answer to the person: Unavailable where it is not theirs to mend."""
    kind = Kind.BUSY if error.kind in wechat_errors.UNSEEN_BY_PEOPLE else error.kind
    sentence = wechat_errors.SENTENCES[use][kind]
    if kind is Kind.CODE:
        return Unauthenticated(sentence) if use is Use.SIGN_IN else Invalid.at("/code", sentence)
    if kind is Kind.RISKY:
        return Risky(sentence)
    if kind in {Kind.TOO_OFTEN, Kind.QUOTA}:
        return TooMany(sentence)
    return Unavailable(sentence)
