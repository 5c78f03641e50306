"""WeChat's message push: what WeChat tells us by itself, taken once, and only from WeChat."""

from app.services.wechat_push.messages import answer_check, receive, sweep_deliveries

__all__ = ["answer_check", "receive", "sweep_deliveries"]
