"""WeChat's message push: the deliveries that were taken, so that none is taken twice."""

from datetime import datetime

from sqlmodel import Field, SQLModel


class WechatPush(SQLModel, table=True):
    """One delivery, by the timestamp and nonce it was signed with."""

    __tablename__ = "wechat_push"

    nonce: str = Field(primary_key=True)  # a digest of both
    received_at: datetime
